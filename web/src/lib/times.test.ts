import { afterEach, expect, test } from "vitest";
import { DAY, HOUR, MINUTE, SECOND, ago, bytes, dayOf, length, spanOfDay } from "./times";
import { speech } from "./words.svelte";

afterEach(() => speech.choose("en"));

test.each([[0, "0 sec"], [59 * SECOND, "59 sec"], [2 * HOUR + 5 * MINUTE + 3 * SECOND, "2 hr 5 min"], [30 * DAY, "30 days"], [DAY + MINUTE, "1 day"]])(
  "%i ms is told by its two largest units", (ms, text) => expect(length(ms)).toBe(text));

test("how long ago is told in the largest unit, in the reader's language", () => {
  expect(ago(0, 3 * MINUTE)).toBe("3 min. ago");
  speech.choose("pl");
  expect(ago(0, 3 * DAY)).toBe("3 dni temu");
});

test.each([[0, "0 byte"], [999, "999 byte"], [1_400, "1.4 kB"], [2_500_000_000, "2.5 GB"], [48_000_000_000_000, "48 TB"]])("%i bytes are %s", (n, text) => expect(bytes(n)).toBe(text));

test("a day begins where it ends the day before, and holds its own moments", () => {
  const { start_ms, end_ms } = spanOfDay("2026-03-29");
  expect(dayOf(start_ms)).toBe("2026-03-29");
  expect(dayOf(end_ms - 1)).toBe("2026-03-29");
  expect(spanOfDay("2026-03-30").start_ms).toBe(end_ms);
});
