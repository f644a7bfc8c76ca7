/** Times for people, in the reader's own zone. */

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const full = new Intl.DateTimeFormat(undefined, {
  weekday: "short", day: "numeric", month: "short", year: "numeric",
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const day = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short" });
const minute = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const asClock = (at: number): string => clock.format(at);
export const asFull = (at: number): string => full.format(at);

/** A tick's label: the day at midnight, seconds only where ticks are that close. */
export function asTick(at: number, step: number): string {
  const local = new Date(at);
  if (step >= DAY || (local.getHours() === 0 && local.getMinutes() === 0 && local.getSeconds() === 0)) return day.format(at);
  return step < MINUTE ? clock.format(at) : minute.format(at);
}

/** How long ago, roughly. */
export function ago(ms: number): string {
  if (ms < MINUTE) return "just now";
  if (ms < HOUR) return `${Math.round(ms / MINUTE)} min ago`;
  if (ms < 2 * DAY) return `${Math.round(ms / HOUR)} h ago`;
  return `${Math.round(ms / DAY)} days ago`;
}
