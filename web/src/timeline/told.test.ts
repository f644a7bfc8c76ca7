import { expect, test } from "vitest";
import type { There } from "./model";
import { linesOf } from "./told";

const NOW = 1_790_000_000_000;
const nothing: There = { at: NOW - 1000, recorded: false, gap: null, marks: [], count: 0, holds: [], expirations: [] };

test("what has no footage is not said never to have been recorded: it may be deleted", () => {
  expect(linesOf(nothing, NOW, String)).toEqual(["no footage"]);
});

test("what goes next says why, and when", () => {
  const going = { expiration_id: "1", start_ms: NOW - 9000, end_ms: NOW, reason: "quota" as const, delete_after_ms: 7 };
  expect(linesOf({ ...nothing, recorded: true, expirations: [going] }, NOW, (ms) => `at ${ms}`)).toEqual(["recorded", "will be deleted: over its quota, not before at 7"]);
});
