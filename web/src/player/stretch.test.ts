import { describe, expect, it } from "vitest";
import { entriesOf } from "./playlist";
import { stretchAt } from "./stretch";

const lines = (codecs: string, starts: readonly number[]): string[] => [
  "#EXT-X-DISCONTINUITY", `#EXT-X-MAP:URI="m${starts[0]}",BYTERANGE="9@0",X-CODECS="${codecs}"`,
  ...starts.flatMap((at) => [`#EXT-X-PROGRAM-DATE-TIME:${new Date(at).toISOString()}`, "#EXTINF:2.000,", `s${at}`]),
];
const entries = entriesOf([
  ...lines("avc1.42c00c,mp4a.40.2", [0, 2000]), ...lines("avc1.64001f, mp4a.40.2", [4000]), ...lines("avc1.64001f", [6000, 9000]), ...lines("hvc1.1.6.L60.90", [11000]),
].join("\n"));
const around = (ms: number, isWhole = false) => {
  const found = stretchAt({ entries, isWhole }, ms);
  return [found.entries.map((one) => one.start_ms), found.isWhole];
};

describe("a stretch", () => {
  it("goes on over other profiles, and ends where sound goes or the codec changes", () => {
    expect([0, 3000, 4500].map((ms) => around(ms))).toEqual(Array(3).fill([[0, 2000, 4000], true]));
    expect(around(6000)).toEqual([[6000, 9000], true]);
    expect(around(8500)).toEqual([[6000, 9000], true]);
  });

  it("is whole only once it is known where it ends", () => {
    expect(around(11_500)).toEqual([[11_000], false]);
    expect(around(11_500, true)).toEqual([[11_000], true]);
  });

  it("is the first one before all footage, and nothing where there is none", () => {
    expect(around(-5)).toEqual([[0, 2000, 4000], true]);
    expect(stretchAt({ entries: [], isWhole: true }, 0)).toEqual({ entries: [], isWhole: true });
  });
});
