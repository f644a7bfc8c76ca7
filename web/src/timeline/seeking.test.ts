import { expect, test } from "vitest";
import type { Ask } from "./questions";
import { Seeking } from "./seeking";

const HOUR = 3_600_000;
const NOW = 1_790_000_000_000;

function seeking(recorded: [number, number][]): { asked: Record<string, unknown>[]; seeking: Seeking } {
  const asked: Record<string, unknown>[] = [];
  const ask: Ask = async <T>(path: string, { query = {} }: Parameters<Ask>[1]) => {
    asked.push(query);
    const [from, to] = [Number(query.from_ms), Number(query.to_ms)];
    const spans = recorded.filter(([start, end]) => start < to && end > from).map(([start, end]) => ({ start_ms: Math.max(start, from), end_ms: Math.min(end, to) }));
    return (path === "/episodes" ? { episodes: [{ episode_id: "1" }] } : { recorded: spans }) as T;
  };
  return { asked, seeking: new Seeking(ask, "gate", () => NOW) };
}

test("the next footage is found however far it is, with few questions", async () => {
  const far = seeking([[NOW - 2 * HOUR, NOW]]);
  expect(await far.seeking.nextRecorded(NOW - 365 * 24 * HOUR)).toBe(NOW - 2 * HOUR);
  expect(far.asked.length).toBeLessThanOrEqual(6);
});

test("where it is recorded it plays right there, and after the last there is nothing", async () => {
  const one = seeking([[NOW - 2 * HOUR, NOW - HOUR]]).seeking;
  expect(await one.nextRecorded(NOW - 1.5 * HOUR)).toBe(NOW - 1.5 * HOUR);
  expect(await one.nextRecorded(NOW - 3 * HOUR)).toBe(NOW - 2 * HOUR);
  expect(await one.nextRecorded(NOW - HOUR)).toBeNull();
});

test("the next episode is of those that are shown", async () => {
  const { asked, seeking: one } = seeking([]);
  await one.nextEpisode(NOW, new Set(), ["face"]);
  expect(asked.at(-1)).toMatchObject({ opened_at_gte: NOW + 1, sort: "opened_at", limit: 20, source: undefined, episode_type: undefined });
  await one.previousEpisode(NOW, new Set(["origin:motion", "type:face"]), ["face", "vehicle"]);
  expect(asked.at(-2)).toMatchObject({ opened_at_lt: NOW, sort: "-opened_at", source: "alarm,api,inference,person", episode_type: "vehicle" });
});

test("who goes from episode to episode is never kept at one that began before it was opened", async () => {
  const made = [1000, 5000, 9000].map((opened_at) => ({ episode_id: String(opened_at), opened_at, started_at: opened_at - 3000 }));
  const ask: Ask = async <T>(_path: string, { query = {} }: Parameters<Ask>[1]) => {
    const [from, to] = [Number(query.opened_at_gte ?? -Infinity), Number(query.opened_at_lt ?? Infinity)];
    const found = made.filter((one) => from <= one.opened_at && one.opened_at < to);
    return { episodes: query.sort === "opened_at" ? found : found.reverse() } as T;
  };
  const { nextEpisode, previousEpisode } = bound(new Seeking(ask, "gate", () => NOW));
  expect(await nextEpisode(-2000)).toBe("5000");
  expect(await nextEpisode(2000)).toBe("9000");
  expect(await nextEpisode(6000)).toBeUndefined();
  expect(await previousEpisode(8000)).toBe("9000");
  expect(await previousEpisode(6000)).toBe("5000");
});

function bound(one: Seeking): Record<"nextEpisode" | "previousEpisode", (at: number) => Promise<string | undefined>> {
  return {
    nextEpisode: async (at) => (await one.nextEpisode(at, new Set(), []))?.episode_id,
    previousEpisode: async (at) => (await one.previousEpisode(at, new Set(), []))?.episode_id,
  };
}

test("when everything is switched off there is no next one, and nobody is asked", async () => {
  const { asked, seeking: one } = seeking([]);
  expect(await one.nextEpisode(NOW, new Set(["origin:motion", "origin:alarm", "origin:analytics", "origin:person"]), [])).toBeNull();
  expect(await one.nextEpisode(NOW, new Set(["type:face"]), ["face"])).toBeNull();
  expect(asked).toEqual([]);
});
