import { expect, test } from "vitest";
import { lots } from "./bench/lots";
import { DAY, MONTH, ROOM, WEEK, axisOf, beginnings, stepOf } from "./ticks";
import { LONGEST_MS, SHORTEST_MS, xOf } from "./view";
import { Zone } from "./zone";

const HOUR = 3_600_000;
const warsaw = new Zone("en-GB", "Europe/Warsaw");
const at = (text: string): number => Date.parse(text);
const clock = (zone: Zone, found: number[]): string[] => found.map((one) => zone.minute(one));

test("an hour that the clock skips has no tick", () => {
  const found = beginnings(at("2026-03-28T23:30Z"), at("2026-03-29T03:30Z"), HOUR, warsaw);
  expect(clock(warsaw, found)).toEqual(["01:00", "03:00", "04:00", "05:00"]);
});

test("an hour that comes twice has two ticks", () => {
  const found = beginnings(at("2026-10-24T22:30Z"), at("2026-10-25T03:30Z"), HOUR, warsaw);
  expect(clock(warsaw, found)).toEqual(["01:00", "02:00", "02:00", "03:00", "04:00"]);
  expect(found[2]! - found[1]!).toBe(HOUR);
});

test("longer steps are round on both sides of a change", () => {
  expect(clock(warsaw, beginnings(at("2026-10-24T21:00Z"), at("2026-10-25T12:00Z"), 3 * HOUR, warsaw))).toEqual(["00:00", "03:00", "06:00", "09:00", "12:00"]);
  expect(clock(warsaw, beginnings(at("2026-03-28T22:00Z"), at("2026-03-29T11:00Z"), 6 * HOUR, warsaw))).toEqual(["00:00", "06:00", "12:00"]);
});

test("days are 23, 24 and 25 hours long, and each begins once", () => {
  const spring = beginnings(at("2026-03-27T12:00Z"), at("2026-03-31T12:00Z"), DAY, warsaw);
  expect(spring.map((one, index) => index ? (one - spring[index - 1]!) / HOUR : 0)).toEqual([0, 24, 23, 24]);
  const autumn = beginnings(at("2026-10-23T12:00Z"), at("2026-10-27T12:00Z"), DAY, warsaw);
  expect(autumn.map((one, index) => index ? (one - autumn[index - 1]!) / HOUR : 0)).toEqual([0, 24, 25, 24]);
});

test("where midnight is skipped the day begins at one", () => {
  const cairo = new Zone("en-GB", "Africa/Cairo");
  const found = beginnings(at("2026-04-22T12:00Z"), at("2026-04-25T12:00Z"), DAY, cairo);
  expect(clock(cairo, found)).toEqual(["00:00", "01:00", "00:00"]);
});

test("where midnight comes twice the day begins once", () => {
  const havana = new Zone("en-GB", "America/Havana");
  const found = beginnings(at("2026-10-30T12:00Z"), at("2026-11-03T12:00Z"), DAY, havana);
  expect(found.map((one) => havana.day(one)).length).toBe(new Set(found.map((one) => havana.day(one))).size);
  expect(found).toHaveLength(4);
});

test("half hours and quarters of a zone are kept to", () => {
  const [kathmandu, howe] = [new Zone("en-GB", "Asia/Kathmandu"), new Zone("en-GB", "Australia/Lord_Howe")];
  expect(clock(kathmandu, beginnings(at("2026-05-01T00:20Z"), at("2026-05-01T03:00Z"), HOUR, kathmandu))).toEqual(["07:00", "08:00"]);
  const found = beginnings(at("2026-04-04T12:00Z"), at("2026-04-04T18:00Z"), HOUR, howe);
  expect(found.every((one) => howe.minute(one).endsWith(":00"))).toBe(true);
  expect(clock(howe, found)).toEqual(["00:00", "01:00", "02:00", "03:00", "04:00"]);
});

test("weeks begin on Mondays and months on their first", () => {
  const weeks = beginnings(at("2026-03-01T00:00Z"), at("2026-05-01T00:00Z"), WEEK, warsaw);
  expect(new Set(weeks.map((one) => `${new Date(warsaw.wall(one)).getUTCDay()} ${warsaw.minute(one)}`))).toEqual(new Set(["1 00:00"]));
  const months = beginnings(at("2026-01-15T00:00Z"), at("2026-06-15T00:00Z"), MONTH, warsaw);
  expect(months.map((one) => new Date(warsaw.wall(one)).toISOString().slice(0, 16))).toEqual([
    "2026-02-01T00:00", "2026-03-01T00:00", "2026-04-01T00:00", "2026-05-01T00:00", "2026-06-01T00:00",
  ]);
});

test("whatever the zoom and the zone, ticks rise, are round, have room, and a date is there", () => {
  const lot = lots(3);
  const zones = ["Europe/Warsaw", "America/Santiago", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"].map((one) => new Zone("en-GB", one));
  for (let round = 0; round < 250; round++) {
    const length = SHORTEST_MS * (LONGEST_MS / SHORTEST_MS) ** lot();
    const from = at("2026-01-01T00:00Z") + lot() * 365 * DAY;
    const [view, width, zone] = [{ from, to: from + length }, 320 + lot() * 2000, zones[round % zones.length]!];
    const axis = axisOf(view, width, ROOM, zone);
    expect(axis.upper[0]!.label).not.toBe("");
    axis.ticks.forEach(({ at: tick, label }, index) => {
      expect(label).not.toBe("");
      expect(tick > view.from && tick < view.to).toBe(true);
      const apart = index ? xOf(view, width, tick) - xOf(view, width, axis.ticks[index - 1]!.at) : Infinity;
      const least = axis.step >= DAY ? 0.9 : axis.step > 2 * HOUR ? 0.66 : axis.step > 900_000 ? 0.49 : 0.99;
      expect(apart).toBeGreaterThan(ROOM * least);
      if (axis.step < DAY && axis.step <= 900_000) expect(zone.wall(tick) % axis.step).toBe(0);
    });
    if (length > 3 * axis.step) expect(axis.ticks.length).toBeGreaterThan(0);
  }
});

test("steps grow with the view", () => {
  expect(stepOf({ from: 0, to: 10_000 }, 1200, ROOM)).toBe(1000);
  expect(stepOf({ from: 0, to: HOUR }, 1200, ROOM)).toBe(300_000);
  expect(stepOf({ from: 0, to: LONGEST_MS }, 1200, ROOM)).toBe(WEEK);
  expect(stepOf({ from: 0, to: LONGEST_MS }, 320, ROOM)).toBe(MONTH);
});
