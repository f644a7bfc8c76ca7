import { describe, expect, it } from "vitest";
import { shownIn, videoTrack } from "./boxes";

const u32 = (...values: number[]): number[] => values.flatMap((one) => [one >>> 24, (one >>> 16) & 255, (one >>> 8) & 255, one & 255]);
const text = (name: string): number[] => [...name].map((one) => one.charCodeAt(0));
const box = (type: string, ...body: number[]): number[] => [...u32(body.length + 8), ...text(type), ...body];
const trak = (id: number, timescale: number, kind: string): number[] =>
  box("trak", ...box("tkhd", ...u32(7, 0, 0, id)), ...box("mdia", ...box("mdhd", ...u32(0, 0, 0, timescale)), ...box("hdlr", ...u32(0, 0), ...text(kind))));

const init = new Uint8Array(box("moov", ...trak(1, 48000, "soun"), ...trak(2, 1000, "vide"), ...box("mvex", ...box("trex", ...u32(0, 2, 1, 40, 0, 0x10000)))));

describe("boxes", () => {
  it("find the video track beside one of sound", () => {
    expect(videoTrack(init)).toEqual({ id: 2, timescale: 1000, duration: 40, flags: 0x10000 });
  });

  it("give no track where there is no picture", () => {
    expect(videoTrack(new Uint8Array(box("moov", ...trak(1, 48000, "soun"))))).toBeNull();
  });

  it("tell when frames are shown, in that order, and which are key frames", () => {
    const trun = box("trun", ...u32(0x01000000 | 0x4 | 0x800, 3, 0, 0, 80, -40 >>> 0));
    const other = box("traf", ...box("tfhd", ...u32(0, 1)), ...box("tfdt", ...u32(0, 9)), ...box("trun", ...u32(0, 5)));
    const ours = box("traf", ...box("tfhd", ...u32(0, 2)), ...box("tfdt", ...u32(0x01000000, 0, 2000)), ...trun);
    expect(shownIn(new Uint8Array(box("moof", ...other, ...ours)), videoTrack(init)!)).toEqual({ times: [2, 2.04, 2.12], keys: [0] });
  });

  it("stop at data that ends in the middle of a box", () => {
    expect(shownIn(new Uint8Array(box("moof", ...u32(99))).slice(0, 9), videoTrack(init)!)).toEqual({ times: [], keys: [] });
  });
});
