import { afterEach, expect, test, vi } from "vitest";
import { plural, speech, words } from "./words.svelte";

const texts = import.meta.glob<Record<string, Record<string, unknown>>>("../**/words.ts", { eager: true });

afterEach(() => speech.choose("en"));

test("words change with the language", () => {
  const t = words({ save: "Save" }, { save: "Zapisz" });
  speech.choose("pl-PL");
  expect(t.save).toBe("Zapisz");
  speech.choose("fr", "en-GB");
  expect(t.save).toBe("Save");
});

test.each([[1, "# kamera"], [2, "# kamery"], [5, "# kamer"], [22, "# kamery"], [112, "# kamer"]])("%i is counted as Polish counts", (n, text) => {
  speech.choose("pl");
  expect(plural(n, { one: "# kamera", few: "# kamery", other: "# kamer" })).toBe(text.replace("#", String(n)));
});

test("the reader's own language comes before the browser's", () => {
  vi.stubGlobal("document", undefined);
  speech.choose("", "xx", "pl", "en");
  expect(speech.language).toBe("pl");
  vi.unstubAllGlobals();
});

test("no page leaves a word empty", () => {
  const empty = Object.entries(texts).flatMap(([path, { t }]) => ["en", "pl"].flatMap((language) => {
    speech.choose(language);
    return Object.entries(t ?? {}).filter(([, word]) => typeof word === "string" && !word.trim()).map(([key]) => `${path} ${language} ${key}`);
  }));
  expect(Object.keys(texts).length).toBeGreaterThan(8);
  expect(empty).toEqual([]);
});
