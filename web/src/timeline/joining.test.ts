import { expect, test } from "vitest";
import { lots } from "./bench/lots";
import type { Mark, Ranges, Span } from "./content";
import { cut, joinedMarks, joinedRanges, patched, patchedMarks } from "./joining";
import { children, keyOf, levelOf, spanOf, tileMs, tilesOf, withAncestors } from "./tiles";

const mark = (id: string, start_ms: number, end_ms: number): Mark => ({ id, start_ms, end_ms, origin: "motion", type: "generic", title: "", open: false });

/** Spans that do not touch, over [0, 10000). */
function drawn(lot: () => number): Span[] {
  const found: Span[] = [];
  for (let at = Math.floor(lot() * 500); at < 9000;) {
    const end = at + 1 + Math.floor(lot() * 900);
    found.push({ start_ms: at, end_ms: end });
    at = end + 1 + Math.floor(lot() * 500);
  }
  return found;
}

test("ranges cut at any borders are whole again when they are joined", () => {
  const lot = lots(4);
  for (let round = 0; round < 200; round++) {
    const recorded = drawn(lot);
    const whole: Ranges = { recorded, gaps: recorded.map((one) => ({ ...one, reason: "source_lost" })), protected: recorded.map((one) => ({ ...one, holds: [{ kind: "lock", id: "1" }] })) };
    const borders = [0, ...Array.from({ length: 5 }, () => Math.floor(lot() * 10_000)).sort((a, b) => a - b), 20_000];
    const pieces = borders.slice(1).map((end_ms, index) => {
      const window = { start_ms: borders[index]!, end_ms };
      return { ...window, value: { recorded: cut(recorded, window), gaps: cut(whole.gaps, window), protected: cut(whole.protected, window) } };
    });
    expect(joinedRanges(pieces)).toEqual(whole);
  }
});

test("gaps of different reasons and pieces of different holds stay apart", () => {
  const gaps = [{ start_ms: 0, end_ms: 10, reason: "a" }, { start_ms: 10, end_ms: 20, reason: "b" }];
  expect(joinedRanges([{ start_ms: 0, end_ms: 20, value: { recorded: [], gaps, protected: [] } }]).gaps).toEqual(gaps);
});

test("what a window says now replaces what was known of it, and nothing else", () => {
  const old: Ranges = { recorded: [{ start_ms: 0, end_ms: 100 }], gaps: [{ start_ms: 100, end_ms: 200, reason: "x" }], protected: [] };
  const fresh: Ranges = { recorded: [{ start_ms: 90, end_ms: 150 }], gaps: [], protected: [] };
  expect(patched(old, fresh, { start_ms: 90, end_ms: 160 })).toEqual({
    recorded: [{ start_ms: 0, end_ms: 150 }], gaps: [{ start_ms: 160, end_ms: 200, reason: "x" }], protected: [],
  });
});

test("an episode over a border is there once, as whoever knows a later end tells it", () => {
  const left = { start_ms: 0, end_ms: 100, value: { marks: [mark("1", 10, 20), mark("2", 90, 120)], counts: null } };
  const right = { start_ms: 100, end_ms: 200, value: { marks: [mark("2", 90, 150), mark("3", 130, 140)], counts: null } };
  const { marks } = joinedMarks([left, right]);
  expect(marks.map((one) => [one.id, one.end_ms])).toEqual([["1", 20], ["2", 150], ["3", 140]]);
  expect(joinedMarks([right]).marks.map((one) => one.id)).toEqual(["2", "3"]);
});

test("counts are cut to whole steps of the piece that is shown", () => {
  const counts = { start_ms: 0, end_ms: 100, step_ms: 10, episodes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] };
  const cutTo = joinedMarks([{ start_ms: 20, end_ms: 45, value: { marks: [], counts } }]).counts;
  expect(cutTo).toEqual([{ start_ms: 20, end_ms: 50, step_ms: 10, episodes: [2, 3, 4] }]);
});

test("episodes at the live edge are told anew, those before it stay", () => {
  const old = { marks: [mark("1", 0, 10), mark("2", 80, 90), mark("3", 95, 96)], counts: null };
  const next = patchedMarks(old, [mark("2", 80, 130), mark("4", 120, 125)], { start_ms: 85, end_ms: 140 });
  expect(next.marks.map((one) => [one.id, one.end_ms])).toEqual([["1", 10], ["2", 130], ["4", 125]]);
  const counted = { marks: [], counts: { start_ms: 0, end_ms: 10, step_ms: 10, episodes: [1] } };
  expect(patchedMarks(counted, [mark("4", 1, 2)], { start_ms: 0, end_ms: 5 })).toBe(counted);
});

test("tiles nest: four of a level are one of the next", () => {
  const lot = lots(9);
  for (let round = 0; round < 200; round++) {
    const tile = { level: 1 + Math.floor(lot() * 6), index: Math.floor(lot() * 1e6) };
    const parts = children(tile);
    expect(spanOf(parts[0]!).start_ms).toBe(spanOf(tile).start_ms);
    expect(spanOf(parts[3]!).end_ms).toBe(spanOf(tile).end_ms);
    for (const one of parts) expect(withAncestors(one).map(keyOf)).toContain(keyOf(tile));
  }
  expect(children({ level: 0, index: 5 })).toEqual([]);
});

test("at most three tiles cover any view and half of it to both sides", () => {
  const lot = lots(6);
  for (let round = 0; round < 500; round++) {
    const length = 10_000 * 777_600 ** lot();
    const from = 1_790_000_000_000 - lot() * 1e11;
    const view = { from, to: from + length };
    const tiles = tilesOf(view);
    expect(tiles.length).toBeGreaterThan(0);
    expect(tiles.length).toBeLessThanOrEqual(3);
    expect(spanOf(tiles[0]!).start_ms).toBeLessThanOrEqual(view.from - length / 2);
    expect(spanOf(tiles.at(-1)!).end_ms).toBeGreaterThanOrEqual(view.to + length / 2);
    expect(tileMs(levelOf(view))).toBeGreaterThanOrEqual(length);
  }
  expect(tilesOf({ from: 0, to: 10_000 })[0]).toEqual({ level: 0, index: 0 });
});
