/** Times for people, in the viewer's own zone; all numbers are UTC milliseconds. */

import { locale } from "./words.svelte";

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const made = new Map<string, Intl.DateTimeFormat>();

function format(at: number, name: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${locale()} ${name}`;
  let found = made.get(key);
  if (!found) made.set(key, (found = new Intl.DateTimeFormat(locale(), { hourCycle: "h23", ...options })));
  return found.format(at);
}

/** 14:05:09 */
export const clock = (at: number): string => format(at, "clock", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
/** 14:05 */
export const minute = (at: number): string => format(at, "minute", { hour: "2-digit", minute: "2-digit" });
/** Sun, 22 Nov */
export const day = (at: number): string => format(at, "day", { weekday: "short", day: "numeric", month: "short" });
/** Sun, 22 Nov 2026, 14:05:09 */
export const full = (at: number): string =>
  format(at, "full", { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" });
/** 22 Nov 2026, 14:05 */
export const short = (at: number): string =>
  format(at, "short", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });

/** A moment as fields of type datetime-local have it, in the viewer's zone; empty for none. */
export const typedLocal = (at: number | null): string =>
  at === null ? "" : new Date(at - new Date(at).getTimezoneOffset() * MINUTE).toISOString().slice(0, 16);
/** The moment that stands in such a field; null where none does. */
export const localTyped = (text: string): number | null => (text ? new Date(text).getTime() : null);

/** The viewer's zone, to be told once on a page. */
export const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The local day that a moment lies in, YYYY-MM-DD. */
export function dayOf(at: number): string {
  const local = new Date(at);
  return [local.getFullYear(), local.getMonth() + 1, local.getDate()].map((one) => String(one).padStart(2, "0")).join("-");
}

/** Where a local day begins and ends; 23 or 25 hours where clocks change. */
export function spanOfDay(name: string): { start_ms: number; end_ms: number } {
  const [year = 1970, month = 1, date = 1] = name.split("-").map(Number);
  return { start_ms: new Date(year, month - 1, date).getTime(), end_ms: new Date(year, month - 1, date + 1).getTime() };
}

const UNITS: [Intl.NumberFormatOptions["unit"] & string, number][] = [["day", DAY], ["hour", HOUR], ["minute", MINUTE], ["second", SECOND]];

/** A length by its largest units: "2 h 5 min", "30 days". */
export function length(ms: number): string {
  const parts: string[] = [];
  let rest = Math.max(0, Math.round(ms / SECOND) * SECOND);
  for (const [unit, size] of UNITS) {
    const n = Math.floor(rest / size);
    rest -= n * size;
    if (n) parts.push(inUnit(n, unit));
    if (parts.length === 2 || (parts.length && !n)) break;
  }
  return parts.join(" ") || inUnit(0, "second");
}

/** How long ago, roughly: "3 minutes ago". */
export function ago(at: number, now: number): string {
  const [unit, size] = UNITS.find(([, one]) => now - at >= one) ?? ["second", SECOND];
  const n = Math.max(0, Math.floor((now - at) / size));
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto", style: "short" }).format(-n, unit as Intl.RelativeTimeFormatUnit);
}

const inUnit = (n: number, unit: string): string =>
  new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay: unit === "day" ? "long" : "short" }).format(n);

const STEPS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"];

/** 1.4 GB, in thousands. */
export function bytes(n: number): string {
  const step = Math.min(STEPS.length - 1, n < 1 ? 0 : Math.floor(Math.log10(n) / 3));
  const value = n / 1000 ** step;
  const digits = value < 10 && step ? 1 : 0;
  return new Intl.NumberFormat(locale(), { style: "unit", unit: STEPS[step]!, unitDisplay: "short", maximumFractionDigits: digits }).format(value);
}
