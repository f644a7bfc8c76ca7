import { expect, it } from "vitest";
import { Reached } from "./download";

const u32 = (...values: number[]): number[] => values.flatMap((one) => [one >>> 24, (one >>> 16) & 255, (one >>> 8) & 255, one & 255]);
const box = (type: string, ...body: number[]): number[] => [...u32(body.length + 8), ...[...type].map((one) => one.charCodeAt(0)), ...body];
const moof = (at: number): number[] => box("moof", ...box("traf", ...box("tfdt", ...u32(0, at))));
const file = new Uint8Array([
  ...box("ftyp", 1, 2, 3, 4), ...box("moov", ...box("mdhd", ...u32(0, 0, 0, 1000))),
  ...moof(0), ...box("mdat", ...Array<number>(300).fill(7)), ...moof(2000), ...box("mdat", ...Array<number>(50).fill(7)), ...moof(4000), ...box("mdat", 1),
]);

it.each([1, 2, 7, 64, 1000])("a file that comes in pieces of %i bytes tells how far it is", (size) => {
  const reached = new Reached();
  const told: (number | null)[] = [];
  for (let at = 0; at < file.byteLength; at += size) told.push(reached.read(file.subarray(at, at + size)));
  expect(told.at(-1)).toBe(4000);
  const known = told.filter((one): one is number => one !== null);
  expect([...known].sort((one, other) => one - other)).toEqual(known);
});
