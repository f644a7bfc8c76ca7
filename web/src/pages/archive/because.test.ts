import { afterEach, beforeEach, expect, test } from "vitest";
import type { Reason } from "../../lib/api/footage";
import { speech } from "../../lib/words.svelte";
import { sentenceOf } from "./because";

const LOCK: Reason = {
  kind: "hold", text: "a lock by anna ('case 7') keeps it", hold: { kind: "lock", id: "1" }, lock: { reason: "case 7", requested_by: "anna", until_ms: null },
};

beforeEach(() => void (speech.language = "pl"));
afterEach(() => void (speech.language = "en"));

test.each<[Reason, string]>([
  [LOCK, "chroni to blokada: „case 7” (anna)"],
  [{ kind: "hold", text: "", hold: { kind: "episode", id: "5" } }, "chroni to epizod 5"],
  [{ kind: "unjudged", text: "x" }, "ruch nie jest tu jeszcze oceniony, a wcześniej nic nie znika"],
])("a reason is told in Polish by what it rests on", (reason, text) => expect(sentenceOf(reason)).toBe(text));

test("what this page does not know, and English, is the server's own sentence", () => {
  expect(sentenceOf({ kind: "new", text: "as it is" })).toBe("as it is");
  speech.language = "en";
  expect(sentenceOf(LOCK)).toBe(LOCK.text);
});
