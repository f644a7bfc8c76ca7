import { describe, expect, it } from "vitest";
import { type Entry, entriesOf, placeIn, playlistOf, recordedAt, stitched } from "./playlist";
import { written } from "./written";

const starts = (entries: readonly Entry[]): number[] => entries.map((one) => one.start_ms);

describe("playlists", () => {
  it("are read and written without loss", () => {
    const read = entriesOf(written([0, 2000, 9000], [9000]));
    expect(read.map((one) => [one.start_ms, one.end_ms, one.breaks])).toEqual([[0, 2000, false], [2000, 4000, false], [9000, 11000, true]]);
    expect(entriesOf(playlistOf(read, true))).toEqual(read);
    expect(playlistOf(read, true)).toContain("#EXT-X-ENDLIST");
    expect(playlistOf(read, false)).not.toContain("#EXT-X-ENDLIST");
  });

  it("are stitched where they share a segment, as the later one tells it", () => {
    const first = entriesOf(written([0, 2000]));
    const whole = stitched(first, entriesOf(written([2000, 4000, 6000], [6000])));
    expect(starts(whole)).toEqual([0, 2000, 4000, 6000]);
    expect(whole.map((one) => one.breaks)).toEqual([false, false, false, true]);
  });

  it("break where the segment they shared is gone", () => {
    const whole = stitched(entriesOf(written([0, 2000])), entriesOf(written([4000, 6000])));
    expect(whole.map((one) => one.breaks)).toEqual([false, false, true, false]);
  });

  it("never tell a segment twice", () => {
    const known = entriesOf(written([0, 2000]));
    expect(starts(stitched(known, entriesOf(written([2000]))))).toEqual([0, 2000]);
    expect(starts(stitched(known, entriesOf(written([1000]))))).toEqual([0, 2000]);
  });

  it("place moments on the player's time line, holes left out", () => {
    const entries = entriesOf(written([0, 2000, 9000], [9000]));
    expect([0, 500, 3999, 5000, 9500].map((ms) => placeIn(entries, ms))).toEqual([0, 0.5, 3.999, 4, 4.5]);
    expect(placeIn(entries, 11000)).toBeNull();
  });

  it("know the next footage of a moment, or the last before it", () => {
    const entries = entriesOf(written([0, 2000, 9000], [9000]));
    expect([0, 3999, 4000, 8999, 9000].map((ms) => recordedAt(entries, ms, false))).toEqual([0, 3999, 9000, 9000, 9000]);
    expect([3999, 4000, 8999, 9000].map((ms) => recordedAt(entries, ms, true))).toEqual([3999, 3999, 3999, 9000]);
    expect([recordedAt(entries, -1, true), recordedAt(entries, 11000, false), recordedAt([], 5, false)]).toEqual([null, null, null]);
  });
});
