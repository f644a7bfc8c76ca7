import { describe, expect, it } from "vitest";
import type { Camera } from "../../lib/api/cameras";
import type { Explained } from "../../lib/api/footage";
import { episodeIn, whyOf } from "./nothing";

const DAY = 86_400_000;
const camera = { media: "door", last_ms: 50 * DAY, may: { archive_depth_ms: 7 * DAY } } as unknown as Camera;
const explained = (state: Explained["state"], ...because: Explained["because"]): Explained => ({ media: "door", at_ms: 0, state, because, as_of_ms: 1 });
const nothing = { kind: "nothing", detail: "" } as const;
const known = { failure: nothing, camera, at: 49 * DAY, explained: null, now: 50 * DAY };

describe("why there is no picture", () => {
  it("is what the browser cannot, before anything else", () => {
    expect(whyOf({ ...known, failure: { kind: "codec", detail: "x" } })).toEqual({ kind: "codec" });
  });

  it("is that nobody may see so far back", () => {
    expect(whyOf({ ...known, at: DAY })).toEqual({ kind: "depth", depth_ms: 7 * DAY });
  });

  it("is that the camera never recorded", () => {
    expect(whyOf({ ...known, camera: { ...camera, last_ms: null } })).toEqual({ kind: "never" });
  });

  it("is the recorder's own reason for a gap, or the decision that deleted it", () => {
    const gap = { kind: "gap", text: "…", reason: "source_lost" };
    expect(whyOf({ ...known, explained: explained("never", { kind: "hold", text: "…" }, gap) })).toEqual({ kind: "gap", reason: "source_lost" });
    expect(whyOf({ ...known, explained: explained("gone", { kind: "expired", text: "older than 1 day" }) })).toEqual({ kind: "deleted", text: "older than 1 day" });
  });

  it("is that it ends there, or simply that nothing was recorded", () => {
    expect(whyOf({ ...known, at: 50 * DAY + 1 })).toEqual({ kind: "end" });
    expect(whyOf({ ...known, explained: explained("never", { kind: "not_recorded", text: "" }) })).toEqual({ kind: "missing" });
  });

  it("is told in the words of what failed, where nothing better is known", () => {
    expect(whyOf({ ...known, failure: { kind: "other", detail: "odd" } })).toEqual({ kind: "detail", text: "odd" });
  });
});

describe("the episode that a reason rests on", () => {
  it("is gone to where it begins, as the API tells it", () => {
    const episode = { episode_type: "motion", source: "motion", title: null, started_ms: DAY, ended_ms: DAY + 5000, is_open: false };
    expect(episodeIn({ kind: "hold", text: "…", episode, link: "/api/v1/episodes/7?media=door" })).toBe(DAY);
  });

  it("is nowhere to go where it is not known, or where something else keeps the moment", () => {
    expect(episodeIn({ kind: "hold", text: "episode 7", link: "/api/v1/episodes/7?media=door" })).toBeNull();
    expect(episodeIn({ kind: "hold", text: "a lock by anna", lock: { reason: "a claim" } })).toBeNull();
  });
});
