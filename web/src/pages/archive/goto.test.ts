import { describe, expect, it } from "vitest";
import { momentOf, typed } from "./goto";

const near = new Date(2026, 9, 25, 12, 0, 0).getTime();

describe("go to", () => {
  it("reads clocks of the day in sight", () => {
    expect(momentOf("14:05", near)).toBe(new Date(2026, 9, 25, 14, 5).getTime());
    expect(momentOf(" 9:05:07.25 ", near)).toBe(new Date(2026, 9, 25, 9, 5, 7, 250).getTime());
  });

  it("reads days, days with a clock, times with a zone and milliseconds", () => {
    expect(momentOf("2026-3-1", near)).toBe(new Date(2026, 2, 1).getTime());
    expect(momentOf("2026-03-01 23:59:59", near)).toBe(new Date(2026, 2, 1, 23, 59, 59).getTime());
    expect(momentOf("2026-10-25T02:30:00+02:00", near)).toBe(Date.UTC(2026, 9, 25, 0, 30));
    expect(momentOf("2026-10-25 02:30:00Z", near)).toBe(Date.UTC(2026, 9, 25, 2, 30));
    expect(momentOf("1790000000123", near)).toBe(1_790_000_000_123);
  });

  it("takes back what it puts into the field", () => {
    expect(momentOf(typed(near), 0)).toBe(near);
  });

  it.each(["", "soon", "25:00", "12:60", "2026-02-30", "2026-13-01 10:00", "2026-01-01 noon", "12", "2026-10-25T99:00:00Z"])("refuses %j", (text) => {
    expect(momentOf(text, near)).toBeNull();
  });
});
