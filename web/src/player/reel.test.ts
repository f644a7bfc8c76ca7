import { describe, expect, it } from "vitest";
import { type Fetched, Reel, WINDOW_MS } from "./reel";
import { entriesOf, playlistOf } from "./playlist";
import { written } from "./written";

const HOUR = 3_600_000;
const never = new AbortController().signal;

/** Answers like the API about segments of 2 s at `starts`, and counts how often it is asked. */
function archive(starts: readonly number[]): { ask: (from: number, to: number) => Promise<Fetched>; asked: [number, number][] } {
  const asked: [number, number][] = [];
  const ask = async (from: number, to: number): Promise<Fetched> => {
    asked.push([from, to]);
    const found = starts.filter((at) => at + 2000 > from && at < to);
    const breaks = found.filter((at) => !starts.includes(at - 2000));
    return found.length ? { text: written(found, breaks.filter((at) => at !== found[0])) } : { next_ms: starts.find((at) => at >= to) ?? null };
  };
  return { ask, asked };
}

const unbroken = (from: number, to: number): number[] => Array.from({ length: (to - from) / 2000 }, (_, index) => from + index * 2000);
const all = (reel: Reel): number[] => reel.entries.map((one) => one.start_ms);

async function toTheEnd(reel: Reel): Promise<void> {
  for (let tries = 0; tries < 100 && !reel.isWhole && !reel.isAtEdge; tries++) await reel.more(never);
}

describe("a reel", () => {
  it("goes on from window to window without a break or a segment told twice", async () => {
    const starts = unbroken(0, HOUR);
    const reel = new Reel(archive(starts).ask, () => 9 * HOUR);
    expect(await reel.open(120_500, never)).toBe(120_500);
    expect(all(reel)[0]).toBe(60_000);
    await toTheEnd(reel);
    expect(all(reel)).toEqual(starts.filter((at) => at >= 60_000));
    expect(reel.entries.some((one) => one.breaks)).toBe(false);
    expect(entriesOf(playlistOf(reel.entries, true))).toHaveLength(reel.entries.length);
  });

  it("jumps over holes of any length in a few questions, and marks them", async () => {
    const starts = [...unbroken(0, 10_000), ...unbroken(200 * HOUR, 200 * HOUR + 10_000)];
    const { ask, asked } = archive(starts);
    const reel = new Reel(ask, () => 900 * HOUR);
    await reel.open(0, never);
    await toTheEnd(reel);
    expect(all(reel)).toEqual(starts);
    expect(reel.entries.filter((one) => one.breaks).map((one) => one.start_ms)).toEqual([200 * HOUR]);
    expect(asked.length).toBeLessThan(8);
  });

  it("opened in a hole begins where footage goes on, with what was before it at hand", async () => {
    const starts = [...unbroken(0, 10_000), ...unbroken(HOUR, HOUR + 10_000)];
    const reel = new Reel(archive(starts).ask, () => 9 * HOUR);
    expect(await reel.open(40_000, never)).toBe(HOUR);
    expect(all(reel)).toContain(8000);
    expect(await new Reel(archive(starts).ask, () => 9 * HOUR).open(30 * 60_000, never)).toBe(HOUR);
  });

  it("tells that nothing is recorded any more", async () => {
    const reel = new Reel(archive(unbroken(0, 10_000)).ask, () => 9 * HOUR);
    expect(await reel.open(HOUR, never)).toBeNull();
    expect(reel.isWhole).toBe(true);
  });

  it("waits at the edge of what is being recorded and takes what comes", async () => {
    const starts = unbroken(0, 60_000);
    let now = 61_000;
    const reel = new Reel(archive(starts).ask, () => now);
    await reel.open(50_000, never);
    await toTheEnd(reel);
    expect([reel.isAtEdge, reel.isWhole]).toEqual([true, false]);
    starts.push(60_000);
    now = 63_000;
    expect(await reel.more(never)).toBe(true);
    expect(all(reel).at(-1)).toBe(60_000);
    now = 63_000 + HOUR;
    await toTheEnd(reel);
    expect(reel.isWhole).toBe(true);
  });

  it("stays within its bounds", async () => {
    const { ask, asked } = archive(unbroken(0, HOUR));
    const reel = new Reel(ask, () => 9 * HOUR, { from_ms: 600_000, to_ms: 660_000 });
    expect(await reel.open(0, never)).toBe(600_000);
    await toTheEnd(reel);
    expect(Math.min(...asked.map(([from]) => from))).toBe(600_000);
    expect(Math.max(...asked.map(([, to]) => to))).toBe(660_000);
    expect(reel.isWhole).toBe(true);
  });

  it("leaves a segment at the end of its window to the next, which knows whether it is cut", async () => {
    const reel = new Reel(archive(unbroken(1000, HOUR + 1000)).ask, () => 9 * HOUR);
    await reel.open(60_000, never);
    expect(reel.entries.at(-1)!.end_ms).toBeLessThanOrEqual(WINDOW_MS);
    await reel.more(never);
    expect(all(reel)).toEqual(unbroken(1000, 1000 + HOUR).slice(0, reel.entries.length));
  });

  it("goes on without what was left out, and never takes it in again", async () => {
    const starts = unbroken(0, 2 * WINDOW_MS);
    const reel = new Reel(archive(starts).ask, () => HOUR);
    await reel.open(0, never);
    const [first, last] = [0, reel.entries.at(-1)!.start_ms];
    [first, last].forEach((one) => reel.leave(one));
    await toTheEnd(reel);
    expect(all(reel)).toEqual(starts.filter((one) => one !== first && one !== last));
    expect(reel.entries.filter((one) => one.breaks).map((one) => one.start_ms)).toEqual([2000, last + 2000]);
    expect(await reel.reach(last, never)).toBe(last + 2000);
    expect(await reel.reach(2 * WINDOW_MS, never)).toBeNull();
  });
});
