import { expect, test } from "vitest";
import { csv, shown } from "./csv";

test("quotes, commas and lines are kept, formulas stay text", () => {
  const rows = [{ a: 'say "x", y', b: "=1+1" }, { a: "two\nlines", b: -5 }];
  expect(csv(rows)).toBe('a,b\r\n"say ""x"", y",\'=1+1\r\n"two\nlines",-5\r\n');
});

test("lists are JSON and what is missing is empty", () => {
  expect(shown(["a", 1])).toBe('["a",1]');
  expect(shown(null)).toBe("");
});
