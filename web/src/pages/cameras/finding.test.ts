import { expect, test } from "vitest";
import type { Camera } from "../../lib/api/cameras";
import { counted, folders, found, indexed } from "./finding";

const camera = (media: string, more: Partial<Camera> = {}): Camera =>
  ({ media, title: "", labels: [], groups: [], folder: "", enabled: true, status: "recording", ...more }) as Camera;
const all = [
  camera("tył", { folder: "Łódź/parter" }), camera("gate-1", { folder: "Łódź", status: "lost" }), camera("yard", { enabled: false }),
  camera("gate-2", { title: "Brama północna", status: "never", folder: "Łódź2" }),
];
const names = (wanted: Partial<Parameters<typeof found>[1]>): string[] => found(indexed(all), { text: "", status: "", folder: "", ...wanted }).map((one) => one.media);

test("words are found without case and accents, in name, title and folder", () => {
  expect(names({ text: "polnocna BRAMA" })).toEqual(["gate-2"]);
  expect(names({ text: "lodz gate" })).toEqual(["gate-1", "gate-2"]);
});
test("a folder holds what is below it, and not what begins alike", () => expect(names({ folder: "Łódź" })).toEqual(["tył", "gate-1"]));
test("a camera that is off is off, whatever it recorded", () => {
  expect(names({ status: "off" })).toEqual(["yard"]);
  expect(counted(all)).toEqual({ recording: 1, lost: 1, never: 1, off: 1 });
});
test("folders are counted with those below", () => {
  expect(folders(all).map((one) => [one.folder, one.depth, one.cameras])).toEqual([["Łódź", 0, 2], ["Łódź/parter", 1, 1], ["Łódź2", 0, 1]]);
});
test("five thousand cameras are found in a moment", () => {
  const many = indexed(Array.from({ length: 5000 }, (_, n) => camera(`camera-${n}`, { folder: `site ${n % 50}/floor ${n % 7}` })));
  expect(found(many, { text: "camera-49", status: "recording", folder: "site 49" }).length).toBeGreaterThan(0);
});
