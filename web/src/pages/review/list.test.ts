import { describe, expect, it } from "vitest";
import type { Episode } from "../../lib/api/episodes";
import { between, differing, keyOf, merged, told, updated } from "./list";

const made = (id: number, opened_at: number, more: Partial<Episode> = {}): Episode => ({ media: "gate", episode_id: String(id), opened_at, ...more }) as Episode;
const list = [made(3, 30), made(2, 20, { reviewed: true }), made(1, 10)];
const ids = (some: readonly Episode[] | null): string => (some ?? []).map((one) => one.episode_id).join("");

describe("the list", () => {
  it("takes later versions in their places and keeps the reader's word", () => {
    const { list: next, rest } = updated(list, [made(2, 20, { title: "early" }), made(9, 20), made(2, 20, { title: "late" }), { ...made(2, 20), media: "yard" }]);
    expect(ids(next)).toBe("321");
    expect(next[1]).toMatchObject({ title: "late", reviewed: true });
    expect(rest.map(keyOf)).toEqual(["gate/9", "yard/2"]);
    expect(updated(list, [made(9, 20)]).list).toBe(list);
  });

  it("has each once and the newest first, whatever comes when", () => {
    expect(ids(merged(list, [made(0, 5), made(1, 10)]))).toBe("3210");
    expect(ids(merged(list, [made(5, 50), made(4, 15), made(5, 50)]))).toBe("53241");
    expect(ids(merged([], list))).toBe("321");
  });

  it("tells what has to be said, and what was said before", () => {
    const all = differing(list, { reviewed: true });
    expect(all.map(({ one, before }) => [one.episode_id, before])).toEqual([["3", { reviewed: false }], ["1", { reviewed: false }]]);
    expect(differing(list, {})).toEqual([]);
    expect(told(list, new Map([[keyOf(list[0]!), { favourite: true }]])).map((one) => one.favourite ?? false)).toEqual([true, false, false]);
  });

  it("knows what lies between two cards", () => {
    expect(between(list, 2, 1)).toEqual(["gate/2", "gate/1"]);
  });
});
