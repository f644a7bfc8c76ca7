import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { follow, waitAfter } from "./api/events";
import type { Episode } from "./api/episodes";
import { type FakeWindow, openWindow } from "./browser.fake";

type Answer = (signal: AbortSignal) => Response | Promise<Response>;
const episode = (id: string): string => `id: at-${id}\nevent: episode\ndata: {"episode_id":"${id}"}\n\n`;
const stream = (text: string): Response => new Response(text);
/** One that says this much and nothing more, until it is given up. */
const silent = (text: string) => (signal: AbortSignal): Response =>
  new Response(new ReadableStream({
    start: (out) => {
      out.enqueue(new TextEncoder().encode(text));
      signal.addEventListener("abort", () => out.error(signal.reason));
    },
  }));
const problem = (status: number): Response => new Response("{}", { status, headers: { "Content-Type": "application/json" } });

/** Follow against these answers, one after another; what was asked for, heard and told. */
async function followed(answers: Answer[], ms = 60_000) {
  const asked: string[] = [], heard: string[] = [], states: string[] = [];
  const ending = new AbortController();
  let missed = 0;
  vi.stubGlobal("fetch", async (address: string, { signal }: RequestInit) => {
    asked.push(address);
    const next = answers.shift();
    return next ? next(signal!) : new Promise((_done, failed) => signal!.addEventListener("abort", () => failed(signal!.reason)));
  });
  const done = follow({ media: "gate" }, {
    heard: (one: Episode) => heard.push(one.episode_id), state: (now) => now !== states.at(-1) && states.push(now), missed: () => (missed += 1),
  }, ending.signal);
  await vi.advanceTimersByTimeAsync(ms);
  ending.abort();
  await vi.advanceTimersByTimeAsync(1);
  await done;
  return { asked, heard, states, missed };
}

let browser: FakeWindow;

beforeEach(() => {
  vi.useFakeTimers();
  browser = openWindow();
});
afterEach(() => (vi.useRealTimers(), vi.unstubAllGlobals()));

describe("the feed", () => {
  it("goes on where it was after the stream ended", async () => {
    const { asked, heard, states } = await followed([() => stream(episode("1")), () => stream(episode("2"))], 5000);
    expect(heard).toEqual(["1", "2"]);
    expect(asked[0]).toBe("/api/v1/events?media=gate");
    expect(asked[1]).toContain("last_event_id=at-1");
    expect(states.slice(0, 4)).toEqual(["connecting", "live", "lost", "live"]);
  });

  it("polls where the stream is refused, from the same place, and tries the stream again", async () => {
    const page = (ids: string[], next: string) => () => Response.json({ episodes: ids.map((episode_id) => ({ episode_id })), next });
    const polls = Array.from({ length: 11 }, (_, n) => page([], `p${n + 2}`));
    const { asked, heard, states } = await followed([() => stream(episode("1")), () => problem(406), page(["2"], "p1"), ...polls, silent(episode("3"))], 150_000);
    expect(heard).toEqual(["1", "2", "3"]);
    expect(asked[2]).toContain("poll_timeout=0");
    expect(asked[2]).toContain("cursor=at-1");
    expect(asked[3]).toContain("cursor=p1");
    expect(asked[14]).toContain("/events?media=gate&last_event_id=p12");
    expect(states.at(-1)).toBe("live");
    expect(states).toContain("polling");
  });

  it("ends where it may not be read", async () => {
    const { asked, states } = await followed([() => problem(403)]);
    expect([asked.length, states.at(-1)]).toEqual([1, "off"]);
  });

  it("tells that something was missed where its place is not known any more", async () => {
    const { asked, missed } = await followed([() => stream(episode("1")), () => problem(400)], 10_000);
    expect(missed).toBe(1);
    expect(asked[2]).toBe("/api/v1/events?media=gate");
  });

  it("connects again after a silence that the server never keeps", async () => {
    const { asked, states } = await followed([silent(episode("1"))], 42_000);
    expect(asked[1]).toContain("last_event_id=at-1");
    expect(states).toEqual(["connecting", "live", "lost"]);
  });

  it("polls where another window has the stream, and takes it when that window leaves it", async () => {
    browser.kept.set("sightlog.feed", JSON.stringify({ id: "other", until: Date.now() + 15_000 }));
    const page = (ids: string[]) => () => Response.json({ episodes: ids.map((episode_id) => ({ episode_id })), next: "p" });
    const { asked, heard, states } = await followed([page(["1"]), page([]), page([]), silent(episode("2"))], 35_000);
    expect(asked.slice(0, 2).every((one) => one.includes("poll_timeout=0"))).toBe(true);
    expect([heard, states.at(-1)]).toEqual([["1", "2"], "live"]);
  });

  it("holds no stream while nobody looks, and goes on from there", async () => {
    setTimeout(() => browser.look(false), 5000);
    setTimeout(() => browser.look(true), 30_000);
    const { asked, heard } = await followed([silent(episode("1")), silent(episode("2"))], 31_000);
    expect([asked.length, heard, browser.kept.size]).toEqual([2, ["1", "2"], 0]);
    expect(asked[1]).toContain("last_event_id=at-1");
  });

  it("waits longer after each failure, half a minute at most", () => {
    expect([1, 2, 3, 9].map((n) => waitAfter(n, 1))).toEqual([1000, 2000, 4000, 30_000]);
    expect(waitAfter(1, 0)).toBe(500);
  });
});
