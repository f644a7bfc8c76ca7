import { readFileSync, readdirSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { cuts } from "./cuts";
import { lightened } from "./lighter";

const LIBRARY = readFileSync("node_modules/hls.js/dist/hls.light.mjs", "utf-8");

test("every cut fits the hls.js that is installed", () => {
  expect(lightened(LIBRARY, cuts).length).toBeLessThan(lightened(LIBRARY, []).length * 0.9);
  expect(cuts.filter((one) => !one.why)).toEqual([]);
});

test("what is left is still a library that loads", async () => {
  const text = Buffer.from(lightened(LIBRARY, cuts)).toString("base64");
  vi.stubGlobal("self", globalThis);
  const left = await import(/* @vite-ignore */ `data:text/javascript;base64,${text}`);
  expect(new left.default().config.maxBufferLength).toBe(30);
  vi.unstubAllGlobals();
});

test("a cut of what is not there says so", () => {
  const cut = (of: string): (() => string) => () => lightened("class Known { here() {} }", [{ of, becomes: "", why: "" }]);
  expect(cut("Known.here")).not.toThrow();
  expect(cut("Known.gone")).toThrow("hls.js has no Known.gone");
  expect(cut("Gone")).toThrow("hls.js has no Gone");
});

test.each([
  ["a class", "Two", "class Two {}", "class One {} class Two { big() {} }", "class One {} class Two {}"],
  ["both sides of a property", "One.at", "get at() {}", "class One { get at() { return 1; } set at(to) {} }", "class One { get at() {} }"],
  ["a setting", "base.big", "undefined", "const base = join({ big: Big, small: 1 });", "const base = join({ big: undefined, small: 1 });"],
  ["a constant", "all", "[1]", "const all = [1, 2];", "const all = [1];"],
])("%s is replaced, and nothing else", (_what, of, becomes, before, after) => {
  expect(lightened(before, [{ of, becomes, why: "" }]).replace(/\s+/g, " ")).toBe(after);
});

test("what only tells the log goes, what does more stays", () => {
  const code = "this.log(`a`);logger.warn(b);this.hls.logger.debug(c);this.blog(d);Math.log(e);const f = this.log(g);table.log(h);";
  expect(lightened(code, []).replace(/;+/g, ";")).toBe(";this.blog(d);Math.log(e);const f = this.log(g);table.log(h);");
});

test("hls.js has one importer", () => {
  const sources = readdirSync("src", { recursive: true, encoding: "utf-8" }).filter((one) => /\.(ts|svelte)$/.test(one));
  const importers = sources.filter((one) => /(?:from|import\()\s*"hls\.js\/light"/.test(readFileSync(`src/${one}`, "utf-8")));
  expect(importers).toEqual(["player/library.ts"]);
});
