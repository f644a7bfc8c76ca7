import { describe, expect, it } from "vitest";
import { daysOf, firstWeekday, sheetOf, stepped } from "./month";

const HOUR = 3_600_000;

describe("a month", () => {
  it("is whole weeks around its days, from Monday or from Sunday", () => {
    const monday = daysOf(2026, 9, 1, null);
    expect(monday.length % 7).toBe(0);
    expect([monday[0]!.day, monday.at(-1)!.day]).toEqual(["2026-09-28", "2026-11-01"]);
    expect(daysOf(2026, 9, 0, null)[0]!.day).toBe("2026-09-27");
    expect(monday.filter((one) => one.isInside)).toHaveLength(31);
  });

  it("is turned from any of its days, also from one that the next does not have", () => {
    expect([stepped("2026-10-31", -1, 0), stepped("2026-01-31", 1, 0), stepped("2026-12-31", 1, 0)]).toEqual(["2026-09-30", "2026-02-28", "2027-01-31"]);
    expect([stepped("2026-10-31", 0, 1), stepped("2026-03-01", 0, -1)]).toEqual(["2026-11-01", "2026-02-28"]);
  });

  it("sums what was recorded on each local day", () => {
    const { start_ms, end_ms } = sheetOf(2026, 9, 1);
    const steps = (end_ms - start_ms) / HOUR;
    const activity = { from_ms: start_ms, step_ms: HOUR, recorded_ms: Array<number>(steps).fill(HOUR), episodes: Array<number>(steps).fill(1) };
    for (const one of daysOf(2026, 9, 1, activity)) {
      expect(one.recorded_ms).toBe(one.end_ms - one.start_ms);
      expect(one.episodes).toBe((one.end_ms - one.start_ms) / HOUR);
    }
  });

  it("has no day twice and none missing, whatever clocks do", () => {
    for (let month = 0; month < 12; month++) {
      const days = daysOf(2026, month, 1, null);
      expect(new Set(days.map((one) => one.day)).size).toBe(days.length);
      days.slice(1).forEach((one, index) => expect(one.start_ms).toBe(days[index]!.end_ms));
    }
  });

  it("begins its weeks as the reader's do", () => {
    expect([firstWeekday("pl"), firstWeekday("en-US")]).toEqual([1, 0]);
  });
});
