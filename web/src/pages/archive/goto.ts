/** Moments as people type them, in their own zone. */

const DAY = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+(.*))?$/;
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3}))?)?$/;

/**
 * What `text` means: `14:05`, `14:05:09.250`, `2026-10-25 02:30`, a time with a zone (`2026-10-25T02:30:00+02:00`) or UTC
 * milliseconds. Without a day it is that of `near`; null: it is no time.
 */
export function momentOf(text: string, near: number): number | null {
  const given = text.trim();
  if (/^\d{12,14}$/.test(given)) return Number(given);
  if (/[T ].*(Z|[+-]\d{2}:?\d{2})$/.test(given)) {
    const at = Date.parse(given.replace(" ", "T"));
    return Number.isNaN(at) ? null : at;
  }
  const day = DAY.exec(given);
  const base = new Date(near);
  const [year, month, date] = day ? [Number(day[1]), Number(day[2]) - 1, Number(day[3])] : [base.getFullYear(), base.getMonth(), base.getDate()];
  const clock = clockOf(day ? (day[4] ?? "") : given, day !== null);
  if (!clock) return null;
  const at = new Date(year!, month!, date, ...clock);
  return at.getMonth() === month && at.getDate() === date ? at.getTime() : null;
}

/** A moment as it is put into the field: local, to the second. */
export function typed(at: number): string {
  const one = new Date(at);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${one.getFullYear()}-${two(one.getMonth() + 1)}-${two(one.getDate())} ${two(one.getHours())}:${two(one.getMinutes())}:${two(one.getSeconds())}`;
}

function clockOf(text: string, mayLack: boolean): [number, number, number, number] | null {
  if (mayLack && !text.trim()) return [0, 0, 0, 0];
  const found = CLOCK.exec(text.trim());
  if (!found) return null;
  const [hour, minute, second] = [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)];
  return hour < 24 && minute < 60 && second < 60 ? [hour, minute, second, Number((found[4] ?? "0").padEnd(3, "0"))] : null;
}
