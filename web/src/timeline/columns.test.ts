import { expect, test } from "vitest";
import { lots } from "./bench/lots";
import { Columns, merge } from "./columns";
import type { Span } from "./content";
import { Sorted } from "./sorted";

const columns = new Columns();

function made(lot: () => number, size: number): Span[] {
  return Array.from({ length: size }, () => {
    const start_ms = Math.floor(lot() * 100_000);
    return { start_ms, end_ms: start_ms + 1 + Math.floor(lot() ** 6 * 20_000) };
  });
}

/** Which px are covered, found the slow way. */
function covered(spans: Span[], from: number, to: number, width: number): Set<number> {
  const found = new Set<number>();
  for (const one of spans.filter((each) => each.start_ms < to && each.end_ms > from)) {
    const [left, right] = [Math.floor((one.start_ms - from) * width / (to - from)), (one.end_ms - from) * width / (to - from)];
    for (let x = left; x < Math.max(right, left + 1); x++) if (x >= 0 && x < width) found.add(x);
  }
  return found;
}

function drawn(width: number): Set<number> {
  const found = new Set<number>();
  for (let index = 0; index < columns.size; index++) {
    for (let x = Math.max(Math.floor(columns.from[index]!), 0); x < Math.min(columns.to[index]!, width); x++) found.add(x);
  }
  return found;
}

test("merged columns cover exactly what the spans cover, and count every span that is in sight", () => {
  const lot = lots(11);
  for (let round = 0; round < 300; round++) {
    const spans = made(lot, Math.floor(lot() * 300));
    const [from, length, width] = [Math.floor(lot() * 90_000), 100 + Math.floor(lot() * 60_000), 40 + Math.floor(lot() * 400)];
    const view = { from, to: from + length };
    for (const counted of [false, true]) {
      merge(new Sorted(spans), view, width, columns, { counted });
      expect(drawn(width)).toEqual(covered(spans, view.from, view.to, width));
    }
    let counts = 0;
    for (let index = 0; index < columns.size; index++) counts += columns.count[index]!;
    const inSight = spans.filter((one) => one.start_ms < view.to && one.end_ms > view.from).length;
    const begunBefore = spans.filter((one) => one.start_ms < view.from).length;
    expect(counts).toBeGreaterThanOrEqual(inSight);
    expect(counts).toBeLessThanOrEqual(inSight + begunBefore);
  }
});

test("runs come from left to right, however many spans there are, and no more than there are px", () => {
  const lot = lots(5);
  const spans = new Sorted(made(lot, 50_000));
  merge(spans, { from: 0, to: 120_000 }, 600, columns, { counted: true, least: 3 });
  expect(columns.size).toBeLessThanOrEqual(600);
  for (let index = 1; index < columns.size; index++) expect(columns.from[index]!).toBeGreaterThan(columns.from[index - 1]!);
  for (let index = 0; index < columns.size; index++) expect(columns.to[index]! - columns.from[index]!).toBeGreaterThanOrEqual(3);
});

test("a column is darker where more begins in it, and one that begins alone keeps its index", () => {
  const alone = { start_ms: 9000, end_ms: 9100 };
  const crowd = Array.from({ length: 9 }, (_, index) => ({ start_ms: 1000 + index, end_ms: 1020 }));
  merge(new Sorted([alone, ...crowd]), { from: 0, to: 10_000 }, 100, columns, { counted: true });
  expect([...columns.shade.slice(0, columns.size)]).toEqual([2, 0]);
  expect([...columns.count.slice(0, columns.size)]).toEqual([9, 1]);
  expect(columns.first[1]).toBe(9);
});

test("what lies outside of the view is not drawn", () => {
  merge(new Sorted([{ start_ms: 0, end_ms: 10 }, { start_ms: 990, end_ms: 1000 }]), { from: 10, to: 990 }, 100, columns);
  expect(columns.size).toBe(0);
});
