import { expect, test } from "vitest";
import { named } from "./unnamed";

const squeezed = (code: string): string => code.replace(/[\s;]+/g, " ").replace(/ (?=[}])/g, "");
const left = (code: string, kept: string[] = []): string => squeezed(named(code, "settings", new Set(kept)));

test.each([
  ["a method", "class A { gone() {} here() { this.here(); } } export default new A().here;", "class A { here() { this.here() }} export default new A().here "],
  ["what only itself names", "class A { gone() { this.gone(); } } export default A;", "class A {} export default A "],
  ["what only the unnamed name", "class A { one() { this.two(); } two() { this.one(); } } export default A;", "class A {} export default A "],
  ["both sides of a property", "class A { get at() {} set at(to) {} } export default A;", "class A {} export default A "],
  ["a constant", "let All = (function (All) { All.ONE = 1; All['TWO'] = 2; return All; })({}); export default All.ONE;",
    "let All = (function (All) { All.ONE = 1 return All })({}) export default All.ONE "],
  ["a setting", "const settings = { one: 1, two: { one: 2 } }; export default settings.one;", "const settings = { one: 1, } export default settings.one "],
  ["a field that is only set", "class A { constructor() { this.one = 1; this.two = -2; } } export default new A().two;",
    "class A { constructor() { this.two = -2 } } export default new A().two "],
])("%s that nobody names goes", (_what, before, after) => expect(left(before)).toBe(squeezed(after)));

test.each([
  ["in a string", "class A { here() {} } export default new A()['here'];"],
  ["taken apart", "class A { get here() {} } const { here } = new A(); export default here;"],
  ["by the language", "class A { toString() { return ''; } } export default A;"],
  ["with something that happens", "class A { constructor() { this.one = begin(); this.two = !end(); } } export default A;"],
  ["for what setting it does", "class A { set one(to) { tell(to); } constructor() { this.one = 1; } } export default A;"],
])("what is named %s stays", (_how, code) => expect(left(code)).toBe(squeezed(code)));

test("names that others use stay", () => {
  expect(left("class A { here() {} gone() {} } export default A;", ["here"])).toBe(squeezed("class A { here() {} } export default A;"));
});

test("of several exports only the default counts", () => {
  expect(left("class A { gone() {} } class B { go() { new A().gone(); } } export { A as default, B };")).toContain("class A {}");
});

test("what nobody tells is not listened to, and what nobody hears is not told", () => {
  const code = "let Events = (function (Events) { Events.ONE = 1; Events.TWO = 2; Events.SIX = 6; return Events; })({});"
    + "function A(x) { x.on(Events.ONE, x.one); x.trigger(Events.TWO, x.about()); x.on(Events.SIX, x.six); x.trigger(Events.SIX); } export default A;";
  expect(left(code)).not.toMatch(/ONE|TWO/);
  expect(left(code)).toContain("x.on(Events.SIX, x.six) x.trigger(Events.SIX)");
  expect(left(code, ["TWO"])).toContain("x.trigger(Events.TWO, x.about())");
});
