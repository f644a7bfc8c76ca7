import { expect, test } from "vitest";
import { type Camera, noMotion } from "../../lib/api/cameras";
import { changesOf, listed, typed } from "./fields";

const CAMERA: Camera = {
  media: "tył", title: "Rear", source: "rtsp://a:***@192.0.2.1/1", enabled: true, audio: "drop", depth_ms: 5_400_000, keep_ms: null, quota_bytes: 500_000_000_000,
  catch: ["motion", "alarm"], labels: [], mail_login: "x", mail_password: "***", mail_aliases: ["nvr#3"], time_zone: "Europe/Warsaw", motion: noMotion,
  protect: { enabled: true, types: ["face"], before_ms: 5000, after_ms: 1500 }, groups: ["gate"], folder: "Łódź/parter", configured_ms: 1, changed_by: "", last_ms: null,
  status: "never",
};

test("what was answered and not touched is sent back as it was, secrets as stars", () => {
  const changes = changesOf(typed(CAMERA));
  for (const [name, value] of Object.entries(changes)) expect(value, name).toEqual(CAMERA[name as keyof Camera]);
});
test("an emptied limit is none", () => expect(changesOf({ ...typed(CAMERA), gigabytes: null }).quota_bytes).toBeNull());
test("words come with commas, each once", () => expect(listed(" a, b;a,, c ")).toEqual(["a", "b", "c"]));
