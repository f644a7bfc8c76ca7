import { describe, expect, it } from "vitest";
import { HOUR, MINUTE } from "../../lib/times";
import { type Row, beside, cardsInSight, hourOf, inSight, laidOut, lineOf, sizesOf } from "./rows";

const SIZES = { day: 40, hour: 30, card: 100 };
/** Noon, by the clock of whoever runs this. */
const NOON = new Date(2026, 10, 22, 12).getTime();
const kinds = (rows: readonly Row[]): string => rows.map((one) => (one.kind === "cards" ? one.count : one.kind)).join(" ");

describe("rows", () => {
  it("are days, hours and lines of cards, the newest first", () => {
    const times = [NOON + 5, NOON + 4, NOON + 3, NOON - 1, NOON - 24 * HOUR];
    const { rows, height } = laidOut(times, 2, SIZES);
    expect(kinds(rows)).toBe("day hour 2 1 hour 1 day hour 1");
    expect(rows.map((one) => one.top)).toEqual([0, 40, 70, 170, 270, 300, 400, 440, 470]);
    expect(height).toBe(570);
    expect(rows.filter((one) => one.kind === "hour").map((one) => one.count)).toEqual([3, 1, 1]);
  });

  it("draw what is in sight and a little around it, however many there are", () => {
    const laid = laidOut(Array.from({ length: 50_000 }, (_, n) => NOON - n * MINUTE), 4, SIZES);
    const middle = laid.height / 2;
    const { first, last } = inSight(laid, middle, 800, 300);
    expect(last - first).toBeLessThan(20);
    expect(laid.rows[first]!.top).toBeLessThanOrEqual(middle - 300);
    expect(laid.rows[last]!.top).toBeGreaterThan(middle + 1100);
    expect(inSight(laid, 0, 800, 300).first).toBe(0);
    expect(inSight(laid, laid.height, 800, 300).last).toBe(laid.rows.length);
    const seen = cardsInSight(laid, middle, 800, 100);
    expect(seen.last - seen.first).toBeGreaterThan(10);
    expect(seen.last - seen.first).toBeLessThan(33);
  });

  it("lead from a card to the one under it, over headings, as far as there is one", () => {
    const laid = laidOut([NOON + 5, NOON + 4, NOON + 3, NOON - 1, NOON - 2], 2, SIZES);
    expect([0, 1, 2, 3].map((one) => beside(laid, one, 1))).toEqual([2, 2, 3, 3]);
    expect([0, 2, 4].map((one) => beside(laid, one, -1))).toEqual([0, 0, 2]);
    expect(lineOf(laid, 4)).toMatchObject({ first: 3, count: 2 });
  });

  it("of nothing are none", () => {
    const laid = laidOut([], 3, SIZES);
    expect([laid.rows.length, laid.height, cardsInSight(laid, 0, 500, 100)]).toEqual([0, 0, { first: 0, last: 0 }]);
  });
});

it("an hour begins by the viewer's clock", () => {
  expect(hourOf(NOON + 59 * MINUTE)).toBe(NOON);
  expect(hourOf(NOON)).toBe(NOON);
});

it("cards fill the width: two on a phone, more on a desk", () => {
  expect([340, 1200, 2500].map((width) => sizesOf(width).columns)).toEqual([2, 5, 11]);
});
