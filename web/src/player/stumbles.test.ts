import { describe, expect, it } from "vitest";
import { entriesOf } from "./playlist";
import { Stumbles } from "./stumbles";
import { written } from "./written";

const entries = entriesOf(written([0, 2000, 4000]));

describe("a decoder that stumbles", () => {
  it("is begun anew first, and loses the segment if it stumbles there again", () => {
    const stumbles = new Stumbles();
    expect(stumbles.blame(entries, 1000, null)).toBeNull();
    expect(stumbles.blame(entries, 1000, null)).toBe(0);
  });

  it("stumbles over what comes next where that is near, and else over what is shown", () => {
    const stumbles = new Stumbles();
    expect([1840, 1840].map((at) => stumbles.blame(entries, at, null))).toEqual([null, 2000]);
    const left = entries.filter((one) => one.start_ms !== 2000);
    expect([1840, 1840].map((at) => stumbles.blame(left, at, null))).toEqual([null, 0]);
  });

  it("is believed at once when it says over what", () => {
    expect(new Stumbles().blame(entries, 200, 4000)).toBe(4000);
  });

  it("is given up after many times without a picture", () => {
    const stumbles = new Stumbles();
    const often = (times: number): void => Array.from({ length: times }).forEach(() => stumbles.blame(entries, 0, 0));
    often(8);
    expect(stumbles.isHopeless).toBe(false);
    stumbles.seen();
    often(8);
    expect(stumbles.isHopeless).toBe(false);
    often(1);
    expect(stumbles.isHopeless).toBe(true);
  });
});
