import { expect, test } from "vitest";
import { Problem } from "./api/request";
import { Paged } from "./paged.svelte";

test("pages follow each other; what went wrong leaves what is there, and the first page can be read anew", async () => {
  let isAway = false;
  const list = new Paged<number>(async (cursor) => {
    if (isAway) throw new Problem(503, "away", "away");
    return cursor ? { items: [3], next: null } : { items: [1, 2], next: "c" };
  });
  await list.load();
  expect([list.items, list.next, list.isFirst]).toEqual([[1, 2], "c", true]);
  await list.more();
  await list.more();
  expect([list.items, list.next, list.isFirst]).toEqual([[1, 2, 3], null, false]);
  isAway = true;
  await list.load();
  expect([list.items, list.problem?.kind]).toEqual([[1, 2, 3], "away"]);
  isAway = false;
  await list.load();
  expect([list.items, list.problem]).toEqual([[1, 2], null]);
});
