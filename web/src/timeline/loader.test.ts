import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Content, Episode, Span } from "./content";
import { Loader } from "./loader";
import type { Ask } from "./questions";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = 1_790_000_000_000;
const hour = { from: NOW - 5 * HOUR, to: NOW - 4 * HOUR };

/** An API in memory that can be slow, refuse and fail; it knows who asked what and what was given up. */
class FakeApi {
  readonly asked: { path: string; query: Record<string, unknown>; signal: AbortSignal }[] = [];
  recorded: Record<string, Span[]> = { gate: [{ start_ms: NOW - 30 * DAY, end_ms: NOW - 2000 }], yard: [] };
  episodes: Episode[] = [];
  opened = 0;
  failing: Record<string, number> = {};
  isHeld = false;
  private waiting: (() => void)[] = [];

  readonly ask: Ask = async <T>(path: string, { query = {}, signal }: Parameters<Ask>[1]) => {
    this.asked.push({ path, query, signal: signal! });
    const status = Object.entries(this.failing).find(([name]) => path.includes(name))?.[1];
    if (this.isHeld) await new Promise<void>((go) => this.waiting.push(go));
    if (status) throw Object.assign(new Error("refused"), { status });
    return this.answer(path, query as Record<string, number>) as T;
  };

  release(): void {
    for (const go of this.waiting.splice(0)) go();
  }

  of(name: string): Record<string, unknown>[] {
    return this.asked.filter((one) => one.path.endsWith(name)).map((one) => one.query);
  }

  private answer(path: string, query: Record<string, number>): unknown {
    if (path.endsWith("/ranges")) return { recorded: this.cutTo(path.split("/")[2]!, query), gaps: [{ start_ms: NOW - 1000, end_ms: query.to_ms, reason: "source_lost" }], protected: [] };
    if (path.endsWith("/activity")) return { episodes: Array.from({ length: Math.ceil((query.to_ms! - query.from_ms!) / query.step_ms!) }, (_, index) => index ? 0 : this.opened) };
    if (path === "/expirations") return { expirations: [] };
    const first = Number(query.cursor || 0);
    const found = this.episodes.filter((one) => one.opened_at < query.overlaps_to! && one.closed_at! > query.overlaps_from!);
    return { episodes: found.slice(first, first + 1000), next: first + 1000 < found.length ? String(first + 1000) : null, estimated_count: found.length };
  }

  private cutTo(media: string, { from_ms, to_ms }: Record<string, number>): Span[] {
    return this.recorded[media]!.filter((one) => one.start_ms < to_ms! && one.end_ms > from_ms!)
      .map((one) => ({ start_ms: Math.max(one.start_ms, from_ms!), end_ms: Math.min(one.end_ms, to_ms!) }));
  }
}

let api: FakeApi;
let now: number;
let shown: Content[];
let problems: unknown[];

function loader(media = "gate"): Loader {
  return new Loader(media, api.ask, () => now, { content: (content) => shown.push(content), problem: (error) => problems.push(error) });
}

const settled = (ms = 100): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const episode = (id: number, opened_at: number, closed_at = opened_at + 1000): Episode =>
  ({ episode_id: String(id), opened_at, updated_at: closed_at, closed_at, episode_type: "generic" });

beforeEach(() => {
  vi.useFakeTimers();
  [api, now, shown, problems] = [new FakeApi(), NOW, [], []];
});
afterEach(() => void vi.useRealTimers());

test("a view is fetched once it stands, in tiles that hold it", async () => {
  loader().look(hour);
  expect(api.asked).toHaveLength(0);
  await settled();
  const windows = api.of("/ranges");
  expect(Math.min(...windows.map((one) => Number(one.from_ms)))).toBeLessThanOrEqual(hour.from);
  expect(Math.max(...windows.map((one) => Number(one.to_ms)))).toBeGreaterThanOrEqual(hour.to);
  expect(shown.at(-1)!.recorded).toHaveLength(1);
});

test("what a zoom only passes is not fetched", async () => {
  const one = loader();
  for (let length = 60_000; length < 60 * DAY; length *= 2) one.look({ from: NOW - length, to: NOW });
  await settled();
  expect(api.of("/ranges").every((query) => Number(query.to_ms) - Number(query.from_ms) > 60 * DAY)).toBe(true);
});

test("looking closer asks for nothing that is known", async () => {
  const one = loader();
  one.look({ from: NOW - 9 * HOUR, to: NOW - 5 * HOUR });
  await settled();
  const before = api.asked.length;
  one.look({ from: NOW - 8 * HOUR, to: NOW - 8 * HOUR + 60_000 });
  await settled();
  expect(api.asked).toHaveLength(before);
  expect(shown.at(-1)!.recorded).toHaveLength(1);
});

test("what is no longer looked at is given up", async () => {
  api.isHeld = true;
  const one = loader();
  one.look(hour);
  await settled();
  const first = [...api.asked];
  one.look({ from: hour.from - 20 * DAY, to: hour.to - 20 * DAY });
  await settled();
  expect(first.every(({ signal }) => signal.aborted)).toBe(true);
  api.release();
  await settled();
  expect(problems).toEqual([]);
});

test("while a coarser tile is on its way, what is known of its parts is shown", async () => {
  const one = loader();
  one.look(hour);
  await settled();
  api.isHeld = true;
  one.look({ from: NOW - 20 * DAY, to: NOW });
  await settled();
  expect(shown.at(-1)!.recorded).toHaveLength(1);
  expect(shown.at(-1)!.recorded[0]!.start_ms).toBeGreaterThan(NOW - DAY);
  api.release();
  await settled();
  expect(shown.at(-1)!.recorded[0]!.start_ms).toBeLessThan(NOW - 20 * DAY);
});

test("a camera that was left is never heard of again, even if its answer comes later", async () => {
  api.isHeld = true;
  const gate = loader("gate");
  gate.look(hour);
  await settled();
  gate.close();
  const told = shown.length;
  const yard = loader("yard");
  yard.look(hour);
  await settled();
  api.release();
  await settled();
  expect(shown.slice(told).every((content) => content.recorded.length === 0)).toBe(true);
  expect(api.asked.filter(({ path }) => path.includes("gate")).every(({ signal }) => signal.aborted)).toBe(true);
  expect(problems).toEqual([]);
});

test("names of cameras are encoded", async () => {
  api.recorded["ty%C5%82"] = [];
  loader("tył").look(hour);
  await settled();
  expect(api.asked[0]!.path).toBe("/media/ty%C5%82/ranges");
});

test("few episodes are fetched one by one, page after page", async () => {
  api.episodes = Array.from({ length: 1500 }, (_, index) => episode(index, hour.from + index * 2000));
  loader().look(hour);
  await settled();
  expect(shown.at(-1)!.marks).toHaveLength(1500);
  expect(shown.at(-1)!.counts).toEqual([]);
  expect(new Set(shown.at(-1)!.marks.map((one) => one.id)).size).toBe(1500);
});

test("more than two thousand are only counted, and not fetched one by one", async () => {
  api.opened = 2001;
  loader().look({ from: NOW - 80 * DAY, to: NOW });
  await settled();
  expect(api.of("/episodes")).toHaveLength(0);
  expect(shown.at(-1)!.counts.length).toBeGreaterThan(0);
  expect(shown.at(-1)!.marks).toEqual([]);
});

test("too many in a short window are counted after the first page", async () => {
  api.episodes = Array.from({ length: 5000 }, (_, index) => episode(index, hour.from + index * 600));
  api.opened = 5000;
  loader().look(hour);
  await settled();
  expect(api.of("/episodes").every((query) => !query.cursor)).toBe(true);
  expect(shown.at(-1)!.counts.length).toBeGreaterThan(0);
});

test("counts give way to episodes when one looks closer", async () => {
  api.opened = 9000;
  const one = loader();
  one.look({ from: NOW - 80 * DAY, to: NOW });
  await settled();
  api.opened = 3;
  api.episodes = [episode(1, hour.from), episode(2, hour.from + 60_000)];
  one.look(hour);
  expect(shown.at(-1)!.counts.length).toBeGreaterThan(0);
  await settled();
  expect(shown.at(-1)!).toMatchObject({ counts: [], marks: [{ id: "1" }, { id: "2" }] });
});

test("the live edge grows without fetching the rest again", async () => {
  const one = loader();
  one.look({ from: NOW - HOUR, to: NOW + 60_000 });
  await settled();
  const before = api.asked.length;
  now = NOW + 10_000;
  api.recorded.gate = [{ start_ms: NOW - 30 * DAY, end_ms: now - 2000 }];
  api.episodes = [episode(7, NOW)];
  await one.refresh();
  expect(api.asked.slice(before).map(({ query }) => Number(query.from_ms ?? query.overlaps_from))).toEqual([now - 180_000, now - 180_000]);
  expect(shown.at(-1)!.recorded.map((span) => span.end_ms)).toEqual([now - 2000]);
  expect(shown.at(-1)!.marks.map((mark) => mark.id)).toEqual(["7"]);
});

test("nothing is missing in the future: an open gap ends now", async () => {
  loader().look({ from: NOW - HOUR, to: NOW + HOUR });
  await settled();
  expect(shown.at(-1)!.gaps).toEqual([{ start_ms: NOW - 1000, end_ms: NOW, reason: "source_lost" }]);
});

test("old answers are fetched anew while they are looked at", async () => {
  const one = loader();
  one.look(hour);
  await settled();
  const before = api.asked.length;
  await one.refresh();
  expect(api.asked).toHaveLength(before);
  now = NOW + 121_000;
  await one.refresh();
  await settled();
  expect(api.asked.length).toBe(before * 2);
  one.reload();
  expect(api.asked.length).toBe(before * 3);
});

test("a failure is told once and asked again; success takes it back", async () => {
  api.failing = { ranges: 503 };
  const one = loader();
  one.look(hour);
  await settled();
  await one.refresh();
  await settled();
  expect(problems).toEqual([expect.any(Error)]);
  api.failing = {};
  await one.refresh();
  await settled();
  expect(problems.at(-1)).toBeNull();
  expect(shown.at(-1)!.recorded).toHaveLength(1);
});

test("what is refused for good is not asked for again, and the rest is shown", async () => {
  api.failing = { expirations: 403 };
  const one = loader();
  one.look(hour);
  await settled();
  const asked = api.of("/expirations").length;
  one.look({ from: hour.from - 9 * DAY, to: hour.to - 9 * DAY });
  await settled();
  expect(api.of("/expirations")).toHaveLength(asked);
  expect(problems).toEqual([]);
  expect(shown.at(-1)!.recorded).toHaveLength(1);
});
