/** Where the axis has ticks and what they say: round times of the wall clock, also where that is put forward or back. */

import type { View } from "./view";
import type { Zone } from "./zone";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Least px between two labels. */
export const ROOM = 76;
const QUARTER = 15 * MINUTE;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;
/** Steps that are no fixed length; their values only order them. */
export const MONTH = 30 * DAY;
export const YEAR = 365 * DAY;

const STEPS = [
  SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, QUARTER,
  30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, WEEK, MONTH,
];
const MONDAY = 3 * DAY;
const MOST = 2000;
/** No clock is put forward or back by as much. */
const SHIFT = 4 * HOUR;

export interface Tick { at: number; label: string }

/** The axis of a view: times below, the dates they belong to above; the first date stands for the left edge. */
export interface Axis { step: number; ticks: Tick[]; upper: Tick[] }

/** The shortest step whose labels have `room` px each. */
export function stepOf(view: View, width: number, room: number): number {
  const least = (view.to - view.from) * room / width;
  return STEPS.find((one) => one >= least) ?? MONTH;
}

/** The axis of a view, labels at least `room` px apart. */
export function axisOf(view: View, width: number, room: number, zone: Zone): Axis {
  const step = stepOf(view, width, room);
  const ticks = beginnings(view.from, view.to, step, zone).map((at) => ({ at, label: labelOf(at, step, zone) }));
  return { step, ticks, upper: datesOf(view, step, zone) };
}

/** The dates above ticks so far apart: that of the left edge, then those that begin in the view. */
export function datesOf(view: View, step: number, zone: Zone): Tick[] {
  const over = step >= MONTH ? YEAR : step >= DAY ? MONTH : DAY;
  const titled = over === YEAR ? zone.year : over === MONTH ? zone.month : zone.date;
  return [view.from, ...beginnings(view.from, view.to, over, zone)].map((at) => ({ at, label: titled.call(zone, at) }));
}

/** What a tick says. */
export function labelOf(at: number, step: number, zone: Zone): string {
  if (step >= MONTH) return zone.month(at);
  if (step >= DAY) return zone.day(at);
  return step < MINUTE ? zone.second(at) : zone.minute(at);
}

/**
 * Moments in (from, to) at which a step of the wall clock begins, oldest first.
 *
 * An hour that the clock skips has no beginning: the step begins where the clock goes on. An hour that comes twice begins twice;
 * a day never does.
 */
export function beginnings(from: number, to: number, step: number, zone: Zone): number[] {
  const found: number[] = [];
  for (let at = next(from, to, step, zone); at < to && found.length < MOST; at = next(at, to, step, zone)) found.push(at);
  return found;
}

function next(after: number, to: number, step: number, zone: Zone): number {
  const offset = zone.offset(after);
  const guess = following(after + offset, step) - offset;
  if (step <= QUARTER || guess >= to && zone.offset(to) === offset || zone.offset(guess) === offset && isSteady(after, guess, zone)) return guess;
  const earliest = step < DAY ? after : Math.max(after, guess - SHIFT);
  for (let at = (Math.floor(earliest / QUARTER) + 1) * QUARTER; at < to; at += QUARTER) {
    if (begins(at, step, zone)) return at;
  }
  return to;
}

/** Whether the clock stays as it is: looked at every half day, which no two changes fit between. */
function isSteady(from: number, to: number, zone: Zone): boolean {
  const offset = zone.offset(from);
  for (let at = from; at < to; at += DAY / 2) if (zone.offset(at) !== offset) return false;
  return true;
}

function begins(at: number, step: number, zone: Zone): boolean {
  const [wall, before] = [zone.wall(at), zone.wall(at - QUARTER)];
  if (wall < before) return step < DAY && wall % step === 0;
  return bucket(wall, step) !== bucket(before, step);
}

/** Number of the step that a wall time lies in. */
function bucket(wall: number, step: number): number {
  if (step === WEEK) return Math.floor((wall + MONDAY) / WEEK);
  if (step < MONTH) return Math.floor(wall / step);
  const date = new Date(wall);
  return step === YEAR ? date.getUTCFullYear() : date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** Wall time at which the next step begins. */
function following(wall: number, step: number): number {
  const number = bucket(wall, step) + 1;
  if (step === WEEK) return number * WEEK - MONDAY;
  if (step < MONTH) return number * step;
  return step === YEAR ? Date.UTC(number, 0) : Date.UTC(Math.floor(number / 12), number % 12);
}
