import { describe, expect, it } from "vitest";
import type { Camera } from "../../lib/api/cameras";
import type { Episode } from "../../lib/api/episodes";
import { changed } from "../../lib/router.svelte";
import { DAY, HOUR } from "../../lib/times";
import { NOTHING_CHOSEN, askedBy, camerasOf, changeOf, filtersOf, foldersOf, followedBy, isFiltered, isShown, isTooMany } from "./filters";

const NOW = 1_790_000_000_000;
const query = (text: string): URLSearchParams => new URLSearchParams(text);
const camera = (media: string, folder = "", groups: string[] = []): Camera => ({ media, folder, groups }) as unknown as Camera;
const known = [camera("gate", "north/hall", ["day"]), camera("yard", "north"), camera("shop", "northern", ["day"])];

describe("filters", () => {
  it("come back from the address as they were put into it", () => {
    const text = "cameras=gate%2Cyard&folder=north&type=face&origin=alarm&since=24h&unreviewed=1&q=black+car";
    const filters = filtersOf(query(text));
    expect(filters).toMatchObject({ cameras: ["gate", "yard"], origin: "alarm", since: "24h", unreviewed: true, favourite: false });
    expect(filtersOf(changed(query(""), changeOf(filters)))).toEqual(filters);
  });

  it("leave out what nobody could have chosen", () => {
    expect(filtersOf(query("origin=moon&since=9y&from=x&to=-1"))).toMatchObject({ origin: "", since: "", from: null, to: null });
  });

  it("are none once they are cleared", () => {
    const cleared = changed(query("cameras=gate&favourite=1&from=5"), NOTHING_CHOSEN);
    expect([cleared.toString(), isFiltered(filtersOf(cleared)), isFiltered(filtersOf(query("from=0")))]).toEqual(["", false, true]);
  });

  it("name cameras by folder, with the folders under it, and by group", () => {
    const named = (text: string) => camerasOf(filtersOf(query(text)), known);
    expect(named("")).toBeNull();
    expect(named("folder=north")).toEqual(["gate", "yard"]);
    expect(named("group=day")).toEqual(["gate", "shop"]);
    expect(named("folder=north&group=day")).toEqual(["gate"]);
    expect(named("cameras=yard,gone")).toEqual(["yard"]);
  });

  it("ask the list for a window and for the reader's own word, the feed for neither", () => {
    const filters = filtersOf(query("since=24h&origin=analytics&unreviewed=1&q=+car+"));
    expect(askedBy(filters, ["gate"], NOW)).toMatchObject({ media: "gate", source: "api,inference", q: "car", opened_at_gte: NOW - DAY, reviewed: false, favourite: null });
    expect(followedBy(filters, null)).toEqual({ media: undefined, episode_type: "", source: "api,inference", label: "", q: "car" });
  });

  it("take in what just came where it lies in the window", () => {
    const one = { opened_at: NOW - HOUR } as Episode;
    const takes = (text: string) => isShown(filtersOf(query(text)), one, NOW);
    expect([takes(""), takes("since=8h"), takes(`from=${NOW}`), takes(`to=${NOW}`), takes("favourite=1"), takes("unreviewed=1")]).toEqual([true, true, false, true, false, true]);
  });

  it("know more cameras than one question holds", () => {
    expect([isTooMany(null), isTooMany(["gate"]), isTooMany(Array.from({ length: 3000 }, (_, n) => `camera-${n}`))]).toEqual([false, false, true]);
  });
});

it("folders are told with those above them", () => {
  expect(foldersOf(known)).toEqual(["north", "north/hall", "northern"]);
});
