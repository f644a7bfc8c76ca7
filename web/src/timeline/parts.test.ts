import { expect, test } from "vitest";
import { Recent } from "./costs";
import { laneAt, partAt } from "./hits";
import { commandOf } from "./keys";
import { rowsOf } from "./rows";
import { LEAST_MS, carried, edged, spanned } from "./selection";

const view = { from: 0, to: 1000 };
const grabs = { selection: { start_ms: 300, end_ms: 600 }, head: 500, axis: 36 };

test("the nearest handle within reach is grabbed; a finger reaches farther than a mouse", () => {
  const at = (x: number, y = 80, isTouch = false): string => partAt(x, y, view, 1000, grabs, isTouch);
  expect([at(300), at(306), at(310), at(596), at(500), at(450)]).toEqual(["start", "start", "ground", "end", "head", "ground"]);
  expect([at(450, 20), at(650, 20), at(318, 80, true), at(330, 80, true)]).toEqual(["body", "ground", "start", "ground"]);
});

test("handles that lie close go to the one that is closer", () => {
  const close = { ...grabs, selection: { start_ms: 498, end_ms: 600 } };
  expect(partAt(497, 80, view, 1000, close, false)).toBe("start");
  expect(partAt(501, 80, view, 1000, close, false)).toBe("head");
});

test("rows do not overlap and fill what height there is", () => {
  for (const height of [100, 152, 184, 400]) {
    const { times, lanes, coverage, protected: kept } = rowsOf(height);
    const order = [times, lanes.motion, lanes.alarm, lanes.analytics, lanes.person, coverage, kept];
    order.reduce((above, one) => {
      expect(one.top).toBeGreaterThanOrEqual(above.top + above.height);
      return one;
    });
    expect(kept.top + kept.height).toBeLessThanOrEqual(height);
    expect(laneAt(lanes.alarm.top + 2, rowsOf(height))).toBe("alarm");
    expect(laneAt(coverage.top + 5, rowsOf(height))).toBeNull();
  }
});

test("a selection is never shorter than a tenth of a second, whichever end is dragged over the other", () => {
  expect(spanned(900.4, 100.2)).toEqual({ start_ms: 100, end_ms: 900 });
  expect(spanned(100, 100)).toEqual({ start_ms: 100, end_ms: 100 + LEAST_MS });
  expect(edged({ start_ms: 100, end_ms: 900 }, "start", 2000)).toEqual({ start_ms: 900 - LEAST_MS, end_ms: 900 });
  expect(edged({ start_ms: 100, end_ms: 900 }, "end", -5)).toEqual({ start_ms: 100, end_ms: 100 + LEAST_MS });
  expect(carried({ start_ms: 100, end_ms: 900 }, 10.4)).toEqual({ start_ms: 110, end_ms: 910 });
});

test("keys step, stride, page and zoom; others are not ours", () => {
  expect(commandOf("ArrowLeft", false)).toEqual({ do: "step", share: -0.01 });
  expect(commandOf("ArrowRight", true)).toEqual({ do: "step", share: 0.1 });
  expect(commandOf("PageDown", false)).toEqual({ do: "pan", share: 0.8 });
  expect(commandOf("+", false)).toEqual({ do: "zoom", factor: 0.5 });
  expect([commandOf("a", false), commandOf(" ", false), commandOf("Tab", false)]).toEqual([null, null, null]);
});

test("the last figures are told oldest first, also when there were more than are kept", () => {
  const recent = new Recent();
  for (let value = 0; value < 3; value++) recent.add(value);
  expect(recent.all).toEqual([0, 1, 2]);
  for (let value = 3; value < 1100; value++) recent.add(value);
  expect([recent.all.length, recent.all[0], recent.all.at(-1)]).toEqual([1024, 76, 1099]);
});
