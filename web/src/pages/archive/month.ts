/** A month of local days, weeks beginning as the reader's do, with what was recorded on each. */

import type { Activity } from "../../lib/api/footage";
import { dayOf } from "../../lib/times";

export interface DayCell { day: string; date: number; start_ms: number; end_ms: number; isInside: boolean; recorded_ms: number; episodes: number }

/** First and last moment (half-open) of the six weeks at most that show a month. `first`: 0 Sunday, 1 Monday… */
export function sheetOf(year: number, month: number, first: number): { start_ms: number; end_ms: number } {
  const back = (new Date(year, month, 1).getDay() - first + 7) % 7;
  const weeks = Math.ceil((back + new Date(year, month + 1, 0).getDate()) / 7);
  return { start_ms: new Date(year, month, 1 - back).getTime(), end_ms: new Date(year, month, 1 - back + weeks * 7).getTime() };
}

/** The days of a sheet, in order; days on which clocks change have 23 or 25 hours. */
export function daysOf(year: number, month: number, first: number, activity: Activity | null): DayCell[] {
  const sheet = sheetOf(year, month, first);
  const start = new Date(sheet.start_ms);
  const cells: DayCell[] = [];
  for (let index = 0; ; index++) {
    const at = new Date(start.getFullYear(), start.getMonth(), start.getDate() + index);
    if (at.getTime() >= sheet.end_ms) return cells;
    const end_ms = new Date(at.getFullYear(), at.getMonth(), at.getDate() + 1).getTime();
    cells.push({ day: dayOf(at.getTime()), date: at.getDate(), start_ms: at.getTime(), end_ms, isInside: at.getMonth() === month, ...sums(activity, at.getTime(), end_ms) });
  }
}

/** The day so many months and days on; a month that is shorter has its last day instead. */
export function stepped(day: string, months: number, days: number): string {
  const [y, m, d] = day.split("-").map(Number) as [number, number, number];
  const last = new Date(y, m + months, 0).getDate();
  return dayOf(new Date(y, m - 1 + months, (months ? Math.min(d, last) : d) + days).getTime());
}

/** The weekday that the reader's weeks begin with, 0 Sunday to 6 Saturday. */
export function firstWeekday(language: string): number {
  const locale = new Intl.Locale(language) as Intl.Locale & { getWeekInfo?: () => { firstDay: number }; weekInfo?: { firstDay: number } };
  return (locale.getWeekInfo?.() ?? locale.weekInfo ?? { firstDay: 1 }).firstDay % 7;
}

function sums(activity: Activity | null, from: number, to: number): { recorded_ms: number; episodes: number } {
  if (!activity) return { recorded_ms: 0, episodes: 0 };
  const first = Math.round((from - activity.from_ms) / activity.step_ms);
  const last = Math.round((to - activity.from_ms) / activity.step_ms);
  const sum = (values: readonly number[]): number => values.slice(Math.max(0, first), Math.max(0, last)).reduce((total, one) => total + one, 0);
  return { recorded_ms: sum(activity.recorded_ms), episodes: sum(activity.episodes) };
}
