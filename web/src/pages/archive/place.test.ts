import { describe, expect, it } from "vitest";
import { changed } from "../../lib/router.svelte";
import { type Place, placeOf, queryOf } from "./place";

const PLAIN = { hidden: [], sought: { q: "", origin: "", type: "" }, rate: 1 };
const of = (text: string): Place => placeOf(new URLSearchParams(text));

describe("the archive's address", () => {
  it("says everything that is shown, and reads it back", () => {
    const shown: Place = { at: 1_790_000_000_123, live: false, view: { from: 1_789_999_000_000, to: 1_790_001_000_000 }, selection: { start_ms: 1, end_ms: 2 }, tab: "why", hidden: ["origin:alarm", "type:face"], sought: { q: "van", origin: "motion", type: "vehicle" }, rate: 4 };
    expect(placeOf(changed(new URLSearchParams(), queryOf(shown)))).toEqual(shown);
  });

  it("needs no more than a moment", () => {
    expect(of("t=3600000")).toEqual({ at: 3_600_000, live: false, view: { from: 1_800_000, to: 5_400_000 }, selection: null, tab: "episodes", ...PLAIN });
  });

  it("leaves out what makes no sense", () => {
    expect(of("t=soon&from=9&to=3&in=1&tab=x&speed=fast&hide=,")).toEqual({ at: null, live: false, view: null, selection: null, tab: "episodes", ...PLAIN });
    expect(of("t=-5&out=7").at).toBeNull();
  });

  it("begins at a selection where no moment is told, and leaves the moment out while live", () => {
    expect(of("in=7200000&out=7260000").at).toBe(7_200_000);
    expect(queryOf({ ...of("t=5"), live: true }).t).toBeNull();
  });
});
