import { describe, expect, it } from "vitest";
import type { Camera } from "../../lib/api/cameras";
import { changed } from "../../lib/router.svelte";
import { arranged, camerasOf, changeOf, columnsOf, onPage, pagesOf, played, wallOf } from "./wall";

const wall = (text: string) => wallOf(new URLSearchParams(text));
const camera = (media: string, more: object = {}): Camera => ({ media, folder: "", groups: [], ...more }) as unknown as Camera;

describe("the wall", () => {
  it("comes back from the address as it was put into it", () => {
    const text = "layout=9&folder=north&order=yard%2Cgate&page=2&playing=4";
    expect(changed(new URLSearchParams(), changeOf(wall(text))).toString().split("&").sort()).toEqual(text.split("&").sort());
    expect(wall("layout=7&page=-3&playing=1000")).toMatchObject({ layout: "auto", page: 0, playing: 9, order: [] });
    expect(changed(new URLSearchParams("layout=4&playing=1"), changeOf(wall(""))).toString()).toBe("");
  });

  it("has those that may be watched, the arranged ones first", () => {
    const known = [camera("a"), camera("b", { folder: "x/y", groups: ["day"] }), camera("c", { may: { live: false } }), camera("d", { folder: "x" })];
    const names = (text: string) => camerasOf(wall(text), known).map((one) => one.media).join("");
    expect([names(""), names("order=d,gone,b"), names("folder=x"), names("group=day")]).toEqual(["abd", "dba", "bd", "b"]);
  });

  it("has pages, and shows the last one where there are fewer", () => {
    const all = Array.from({ length: 40 }, (_, n) => n);
    expect([pagesOf("9", 40), pagesOf("auto", 40), pagesOf("4", 0)]).toEqual([5, 2, 1]);
    expect([onPage(all, "9", 4), onPage(all, "9", 99), onPage([], "auto", 3)]).toEqual([[36, 37, 38, 39], [36, 37, 38, 39], []]);
  });

  it("divides the field so that pictures are largest, and a phone into one or two columns", () => {
    expect([1, 2, 4, 7].map((count) => columnsOf("auto", count, 1600, 900))).toEqual([1, 2, 2, 3]);
    expect(columnsOf("auto", 3, 900, 1600)).toBe(1);
    expect([columnsOf("16", 3, 1600, 900), columnsOf("16", 16, 390, 700), columnsOf("auto", 2, 390, 700)]).toEqual([4, 2, 1]);
  });

  it("puts a camera where another stands", () => {
    expect(arranged(["a", "b", "c", "d"], "a", "c")).toEqual(["b", "c", "a", "d"]);
    expect(arranged(["a", "b", "c", "d"], "d", "b")).toEqual(["a", "d", "b", "c"]);
    expect(arranged(["a", "b"], "a", "x")).toEqual(["a", "b"]);
  });

  it("plays as many as it may of those in sight; none while nobody looks; the large one alone", () => {
    const shown = ["a", "b", "c"];
    const names = (some: ReadonlySet<string>) => [...some].join("");
    expect(names(played(shown, new Set(["b", "c"]), { one: "", playing: 1 }, false))).toBe("b");
    expect(names(played(shown, new Set(shown), { one: "", playing: 9 }, true))).toBe("");
    expect(names(played(shown, new Set(shown), { one: "c", playing: 0 }, false))).toBe("c");
  });
});
