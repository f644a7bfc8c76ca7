import { readFileSync, readdirSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { cuts } from "./cuts";
import { known } from "./known";
import { folded, lightened, lighter, namesOfUsers } from "./lighter";

const LIBRARY = readFileSync("node_modules/hls.js/dist/hls.light.mjs", "utf-8");

test("every cut fits the hls.js that is installed", () => {
  expect(lightened(LIBRARY, cuts).length).toBeLessThan(lightened(LIBRARY, []).length * 0.9);
  expect(cuts.filter((one) => !one.why)).toEqual([]);
});

test("what is left is little more than half, and still a library that loads", async () => {
  const { handler } = lighter().transform as unknown as { handler: (code: string) => { code: string } };
  const { code } = handler(LIBRARY);
  expect(folded(code).length).toBeLessThan(folded(LIBRARY).length * 0.55);
  vi.stubGlobal("self", globalThis);
  const { default: Left } = await import(/* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
  const hls = new Left({ maxBufferLength: 7 });
  expect(hls.config.maxBufferLength).toBe(7);
  const missing = ["on", "loadSource", "attachMedia", "recoverMediaError", "destroy", "latestLevelDetails", "hasEnoughToStart"].filter((one) => !(one in hls));
  expect(missing).toEqual([]);
  expect(Left.Events.BUFFER_APPENDING).toBe("hlsBufferAppending");
  hls.destroy();
  vi.unstubAllGlobals();
});

test("another version of hls.js is not taken", () => {
  const { handler } = lighter().transform as unknown as { handler: (code: string) => unknown };
  expect(() => handler('const version = "9.9.9";')).toThrow("go through it");
});

test("whatever our player names is kept", () => {
  const names = namesOfUsers("src");
  expect([...["BUFFER_APPENDING", "latestLevelDetails", "programDateTime", "isSupported"]].filter((one) => !names.has(one))).toEqual([]);
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

test("what is known stands where it is asked for, not where it is set", () => {
  const facts = [{ reads: { parts: "null" }, cases: ["PART", "KEY"], why: "" }];
  const code = "one.parts = 2; use(one.parts, one.parts()); switch (tag) { case 'PART': a(); break; case MORE: case Tag.KEY: b(); }";
  expect(lightened(code, [], facts).replace(/\s+/g, " ")).toBe("one.parts = 2; use((null), one.parts()); switch (tag) { case MORE: case Tag.KEY: b(); }");
  expect(() => lightened("one.here;", [], facts)).toThrow("hls.js has no parts, PART, KEY");
  expect(known.filter((one) => !one.why)).toEqual([]);
});

test("what a constructor sets to nothing need not be set", () => {
  const code = "class A { constructor() { this.one = void 0; this.two = 2; this.end(() => { this.one = void 0; }); } }";
  expect(lightened(code, []).replace(/\s+/g, " ")).toBe("class A { constructor() { ; this.two = 2; this.end(() => { this.one = void 0; }); } }");
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
