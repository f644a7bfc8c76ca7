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
  expect(asked.at(-1)).toMatchObject({ opened_at_gte: NOW + 1, sort: "opened_at", limit: 1, source: undefined, episode_type: undefined });
  await one.previousEpisode(NOW, new Set(["origin:motion", "type:face"]), ["face", "vehicle"]);
  expect(asked.at(-1)).toMatchObject({ opened_at_lt: NOW, sort: "-opened_at", source: "alarm,api,inference,person", episode_type: "vehicle" });
});

test("when everything is switched off there is no next one, and nobody is asked", async () => {
  const { asked, seeking: one } = seeking([]);
  expect(await one.nextEpisode(NOW, new Set(["origin:motion", "origin:alarm", "origin:analytics", "origin:person"]), [])).toBeNull();
  expect(await one.nextEpisode(NOW, new Set(["type:face"]), ["face"])).toBeNull();
  expect(asked).toEqual([]);
});
