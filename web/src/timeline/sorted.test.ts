import { expect, test } from "vitest";
import { lots } from "./bench/lots";
import { Sorted, notBelow, notBelowFrom } from "./sorted";

test("what covers a moment is found, however spans overlap", () => {
  const lot = lots(2);
  for (let round = 0; round < 200; round++) {
    const spans = Array.from({ length: 60 }, () => {
      const start_ms = Math.floor(lot() * 1000);
      return { start_ms, end_ms: start_ms + 1 + Math.floor(lot() ** 3 * 400) };
    });
    const sorted = new Sorted(spans);
    const at = Math.floor(lot() * 1000);
    const slow = spans.filter((one) => one.start_ms <= at && at < one.end_ms).map((one) => one.end_ms).sort();
    expect(sorted.at(at).map((one) => one.end_ms).sort()).toEqual(slow);
    const [first, last] = sorted.within(at, at + 50);
    const outside = sorted.items.filter((_, index) => index < first || index >= last);
    expect(outside.some((one) => one.start_ms < at + 50 && one.end_ms > at)).toBe(false);
    expect(sorted.next(at)?.start_ms).toBe(spans.map((one) => one.start_ms).filter((one) => one >= at).sort((a, b) => a - b)[0]);
    expect(sorted.previous(at)?.start_ms).toBe(spans.map((one) => one.start_ms).filter((one) => one < at).sort((a, b) => b - a)[0]);
  }
});

test("both searches agree wherever they begin", () => {
  const values = Float64Array.from({ length: 100 }, (_, index) => Math.floor(index / 3) * 2);
  for (let from = 0; from < 100; from++) {
    for (let least = values[from]!; least < 70; least += 1) expect(notBelowFrom(values, least, from)).toBe(notBelow(values, least, from));
  }
});
