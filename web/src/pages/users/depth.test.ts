import { expect, test } from "vitest";
import { DAY, HOUR } from "../../lib/times";
import { depthOf, typed } from "./depth";

test.each([null, HOUR, 36 * HOUR, DAY, 30 * DAY])("a depth of %s comes back as it was typed", (depth) => {
  expect(depthOf(typed(depth))).toBe(depth);
});

test("days are told in days, anything else in hours", () => {
  expect(typed(7 * DAY)).toEqual({ amount: 7, unit: "days" });
  expect(typed(36 * HOUR)).toEqual({ amount: 36, unit: "hours" });
});

test("a depth is never nothing", () => {
  expect(depthOf({ amount: 0, unit: "days" })).toBe(HOUR);
});
