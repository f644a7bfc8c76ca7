import { expect, test } from "vitest";
import { lots } from "./bench/lots";
import { LONGEST_MS, SHORTEST_MS, atOf, between, bounded, centred, fitted, lengthOf, moved, xOf, zoomed } from "./view";

const NOW = 1_790_000_000_000;

test("what is under the pointer stays there however one zooms", () => {
  const lot = lots(1);
  for (let round = 0; round < 500; round++) {
    const view = fitted(NOW - lot() * LONGEST_MS, NOW);
    const at = atOf(view, 1200, lot() * 1200);
    const next = zoomed(view, Math.exp(lot() * 8 - 4), at);
    expect(xOf(next, 1200, at)).toBeCloseTo(xOf(view, 1200, at), 3);
    expect(lengthOf(next)).toBeGreaterThanOrEqual(SHORTEST_MS - 0.01);
    expect(lengthOf(next)).toBeLessThanOrEqual(LONGEST_MS + 1);
  }
});

test("a view is between ten seconds and ninety days long, around the middle that was asked for", () => {
  expect(fitted(NOW, NOW + 2000)).toEqual({ from: NOW - 4000, to: NOW + 6000 });
  expect(lengthOf(fitted(0, NOW))).toBe(LONGEST_MS);
});

test("a place on the canvas and its moment are each other's inverse", () => {
  const view = { from: NOW, to: NOW + 3_600_000 };
  for (const x of [0, 1, 333.3, 1199, -50, 2000]) expect(xOf(view, 1200, atOf(view, 1200, x))).toBeCloseTo(x, 6);
});

test("now stays in the middle at the latest, and there is nothing before 1970", () => {
  const view = { from: NOW + 100_000, to: NOW + 110_000 };
  expect(bounded(view, NOW)).toEqual({ from: NOW + 5000, to: NOW + 15_000 });
  expect(bounded({ from: -5000, to: 15_000 }, NOW)).toEqual({ from: 0, to: 20_000 });
  expect(centred(moved(view, 7), NOW)).toEqual({ from: NOW - 5000, to: NOW + 5000 });
});

test("the way between two views begins with one, ends with the other and zooms evenly", () => {
  const [one, other] = [{ from: NOW, to: NOW + 10_000 }, { from: NOW - 500_000, to: NOW + 500_000 }];
  expect(between(one, other, 0)).toEqual(one);
  expect(between(one, other, 1).from).toBeCloseTo(other.from, 3);
  expect(lengthOf(between(one, other, 0.5)) / 10_000).toBeCloseTo(10, 6);
  expect(between(one, moved(one, 1000), 0.5).from).toBeCloseTo(NOW + 500, 6);
});
