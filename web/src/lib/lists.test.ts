import { expect, test } from "vitest";
import { folded, matching } from "./search";
import { nameOf } from "./shortcuts.svelte";
import { scrollTo, windowOf } from "./virtual";

test("a list draws what is in sight and little more, whatever its length", () => {
  const shown = windowOf(5000, 44, 100_000, 600);
  expect(shown.first * 44).toBeLessThanOrEqual(100_000);
  expect(shown.last * 44).toBeGreaterThanOrEqual(100_600);
  expect(shown.last - shown.first).toBeLessThan(32);
  expect(shown.height).toBe(220_000);
});

test("a list that became shorter than it was scrolled draws no row that is not there", () => {
  expect(windowOf(3, 44, 9000, 600)).toMatchObject({ first: 3, last: 3 });
  expect(windowOf(0, 44, 0, 600)).toMatchObject({ first: 0, last: 0 });
});

test("a row is brought into sight by as little scrolling as needed", () => {
  expect(scrollTo(5, 10, 0, 100)).toBe(0);
  expect(scrollTo(20, 10, 0, 100)).toBe(110);
  expect(scrollTo(2, 10, 50, 100)).toBe(20);
});

test("every word must be found, whatever its case and accents", () => {
  const indexed = ["Żółta brama", "Łąka", "brama 2"].map((one) => ({ one, text: folded(one) }));
  expect(matching(indexed, "ZOLTA br")).toEqual(["Żółta brama"]);
  expect(matching(indexed, "laka")).toEqual(["Łąka"]);
  expect(matching(indexed, " ")).toHaveLength(3);
});

test("keys are named as shortcuts name them", () => {
  const key = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  expect(nameOf({ ...key, key: " " })).toBe("Space");
  expect(nameOf({ ...key, key: "?", shiftKey: true })).toBe("?");
  expect(nameOf({ ...key, key: "ArrowLeft", shiftKey: true })).toBe("Shift+ArrowLeft");
  expect(nameOf({ ...key, key: "k", ctrlKey: true })).toBe("Ctrl+k");
});
