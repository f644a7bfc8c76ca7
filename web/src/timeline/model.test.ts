import { expect, test } from "vitest";
import { type Content, type Episode, NOTHING, markOf, nameOf, originOf } from "./content";
import { barsOf } from "./marks";
import { Model } from "./model";

const episode = (id: string, opened_at: number, closed_at: number | null, source: string, episode_type = "generic"): Episode =>
  ({ episode_id: id, opened_at, updated_at: opened_at + 50, closed_at, episode_type, originator: { source } });

const content: Content = {
  ...NOTHING,
  recorded: [{ start_ms: 0, end_ms: 100 }, { start_ms: 200, end_ms: 300 }],
  gaps: [{ start_ms: 100, end_ms: 200, reason: "source_lost" }],
  protected: [
    { start_ms: 10, end_ms: 20, holds: [{ kind: "episode", id: "1" }] },
    { start_ms: 20, end_ms: 40, holds: [{ kind: "episode", id: "1" }, { kind: "lock", id: "2" }] },
  ],
  marks: [
    markOf(episode("1", 10, 30, "motion_detector")), markOf(episode("2", 15, null, "alarm", "vehicle")),
    markOf(episode("3", 210, 210, "inference", "face")), markOf(episode("4", 220, 230, "person")),
  ],
};

test("a moment is told with its gap, its episodes and what keeps it", () => {
  const model = new Model(content);
  expect(model.there(16)).toMatchObject({ recorded: true, gap: null, count: null });
  expect(model.there(16).marks.map((one) => one.id)).toEqual(["1", "2"]);
  expect(model.there(16).holds).toHaveLength(1);
  expect(model.there(150)).toMatchObject({ recorded: false, gap: { reason: "source_lost" } });
  expect(model.there(205, 6).marks.map((one) => one.id)).toEqual(["3"]);
  expect(model.there(400)).toMatchObject({ recorded: false, gap: null, marks: [] });
});

test("spans are half-open: a moment at the end of one lies behind it", () => {
  const model = new Model(content);
  expect([model.there(99).recorded, model.there(100).recorded, model.there(200).recorded]).toEqual([true, false, true]);
});

test("what is switched off is neither drawn nor told, whatever is switched on again later", () => {
  const model = new Model(content);
  model.hide(new Set(["origin:alarm", "type:face"]));
  expect(model.lanes.alarm.size + model.lanes.analytics.size).toBe(0);
  expect(model.there(16).marks.map((one) => one.id)).toEqual(["1"]);
  expect(model.types).toEqual(["face", "generic", "vehicle"]);
  model.set({ ...content, marks: [...content.marks] });
  expect(model.lanes.alarm.size).toBe(0);
  model.hide(new Set());
  expect(model.lanes.alarm.size).toBe(1);
});

test("a piece that a lock keeps too looks locked", () => {
  const { kept } = new Model(content);
  expect([kept.lock.size, kept.export.size, kept.episode.size]).toEqual([1, 0, 1]);
});

test("origins have lanes: whatever is not ours is analytics", () => {
  expect(["motion_detector", "alarm", "person", "api", "inference", "else", undefined].map(originOf)).toEqual([
    "motion", "alarm", "person", "analytics", "analytics", "analytics", "analytics",
  ]);
});

test("an open episode reaches to its last news, and one of no length is there all the same", () => {
  expect(markOf(episode("2", 15, null, "alarm"))).toMatchObject({ start_ms: 15, end_ms: 65, open: true });
  expect(markOf(episode("3", 210, 210, "api"))).toMatchObject({ start_ms: 210, end_ms: 211, open: false });
  expect(nameOf({ ...markOf(episode("3", 1, 2, "api", "face")), title: "Ann" })).toBe("Ann · face");
  expect(nameOf({ ...markOf(episode("3", 1, 2, "api")), title: "Ann" })).toBe("Ann");
});

test("a camera records as long as its footage is younger than a minute", () => {
  const model = new Model(content);
  expect([model.edge(310), model.edge(300 + 59_999), model.edge(300 + 60_000)]).toEqual([300, 300, null]);
  expect(new Model().edge(0)).toBeNull();
});

test("counts are told at their step and summed into bars without loss", () => {
  const counts = { start_ms: 0, end_ms: 50, step_ms: 10, episodes: [1, 2, 3, 4, 5] };
  const model = new Model({ ...NOTHING, counts: [counts] });
  expect([model.there(0).count, model.there(49).count, model.there(50).count]).toEqual([1, 5, null]);
  expect(barsOf(counts, 0, 5, 2)).toEqual([3, 7, 5]);
  expect(barsOf(counts, 1, 99, 3)).toEqual([9, 5]);
});
