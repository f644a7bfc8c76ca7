import { expect, test } from "vitest";
import { http, statements, topics } from "./examples";
import { named } from "./scopes";

test("cameras are named with commas or on lines, each once", () => {
  expect(named(" gate, tył\ngate ;yard,")).toEqual(["gate", "tył", "yard"]);
  expect(named(" , ")).toBeNull();
});

test("no example holds a secret, and every request shows the token's variable", () => {
  for (const one of http("https://archive.example.com")) {
    expect(one.text).toContain('"Authorization: Bearer $TOKEN"');
    expect(one.text).toContain("'https://archive.example.com/api/v1/");
  }
});

test("every example and statement has a name of its own", () => {
  const names = [...http(""), ...topics(), ...statements].map((one) => one.name);
  expect(new Set(names).size).toBe(names.length);
});
