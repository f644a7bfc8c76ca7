import { expect, test } from "vitest";
import { changed, href, placeOf } from "./router.svelte";

test.each(["gate", "tył", "a/b c?", "50%", "#1"])("the camera %s stands in an address and comes back", (media) => {
  const url = new URL(href("archive", media, { at: 17 }), "http://x");
  expect(placeOf(url.pathname, url.search)).toMatchObject({ page: "archive", media });
  expect(url.searchParams.get("at")).toBe("17");
});

test("the root is the archive, and what is no page is none", () => {
  expect(placeOf("/", "")).toMatchObject({ page: "archive", media: null });
  for (const path of ["/nowhere", "/users/anna", "/archive/a/b"]) expect(placeOf(path, "")).toBeNull();
});

test("a value is set, changed and taken away without touching others", () => {
  const query = changed(new URLSearchParams("a=1&b=2"), { b: null, c: "x", d: false, e: "" });
  expect(query.toString()).toBe("a=1&c=x");
});
