import { expect, test } from "vitest";
import { type Configured, noMotion } from "../../lib/api/cameras";
import { Problem } from "../../lib/api/request";
import { changesOf, listed, mailOf, onto, shortened, typed } from "./fields";

const CAMERA: Configured = {
  media: "tył", title: "Rear", source: "rtsp://a:***@192.0.2.1/1", enabled: true, audio: "drop", depth_ms: 5_400_000, keep_ms: null, quota_bytes: 500_000_000_000,
  catch: ["motion", "alarm"], labels: [], mail_login: "x", mail_password: "***", mail_aliases: ["nvr#3"], time_zone: "Europe/Warsaw", motion: noMotion,
  protect: { enabled: true, types: ["face"], before_ms: 5000, after_ms: 1500 }, groups: ["gate"], folder: "Łódź/parter", configured_ms: 1, changed_by: "", last_ms: null,
  status: "never",
};

test("what was answered and not touched is sent back as it was, secrets as stars", () => {
  const changes = { ...changesOf(typed(CAMERA)), ...mailOf(typed(CAMERA)) };
  for (const [name, value] of Object.entries(changes)) expect(value, name).toEqual(CAMERA[name as keyof Configured]);
});
test("an emptied limit is none", () => expect(changesOf({ ...typed(CAMERA), gigabytes: null }).quota_bytes).toBeNull());
test("words come with commas, each once", () => expect(listed(" a, b;a,, c ")).toEqual(["a", "b", "c"]));
test("an emptied depth is refused at its field, and never a depth of nothing", () => {
  const emptied = (): unknown => changesOf({ ...typed(CAMERA), hours: null });
  expect(emptied).toThrow(Problem);
  try {
    emptied();
  } catch (error) {
    expect((error as Problem).of("depth_ms")).not.toBe("");
  }
});
test("what lets footage go is named: a shorter depth, a keep or a quota where there was none or a larger one", () => {
  const now = { depth_ms: 100, keep_ms: null, quota_bytes: 50 };
  expect(shortened(now, { depth_ms: 99, keep_ms: 1000, quota_bytes: 49 })).toEqual(["depth_ms", "keep_ms", "quota_bytes"]);
  expect(shortened(now, { depth_ms: 100, keep_ms: null, quota_bytes: null })).toEqual([]);
  expect(shortened({ ...now, keep_ms: 5 }, { depth_ms: 101, keep_ms: null })).toEqual([]);
  expect(shortened(now, { depth_ms: -1 })).toEqual([]);
});
test("what others changed meanwhile stays: only what was changed here is changed", () => {
  const theirs: Configured = { ...CAMERA, title: "Theirs", protect: { ...CAMERA.protect, after_ms: 9000 }, motion: { ...noMotion, enabled: true } };
  const ours = changesOf({ ...typed(CAMERA), folder: "new", before: 7 });
  expect(onto(theirs, CAMERA, ours)).toEqual({ folder: "new", protect: { enabled: true, types: ["face"], before_ms: 7000, after_ms: 9000 } });
});
