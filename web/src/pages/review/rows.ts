/** How a long list of episodes is laid out: days, hours in them, lines of cards. Only lines in sight are drawn. */

import { HOUR, dayOf } from "../../lib/times";

/** `count` cards from `first`, or a heading over those that follow; `at`: when the hour begins, `episodes` of it so far. */
export type Row =
  | { kind: "cards"; top: number; first: number; count: number }
  | { kind: "day" | "hour"; top: number; at: number; first: number; count: number };

export interface Laid { rows: readonly Row[]; height: number; columns: number }
export interface Sizes { day: number; hour: number; card: number }

/** Rows of episodes that were opened at these times, the newest first, in the viewer's zone. */
export function laidOut(times: readonly number[], columns: number, sizes: Sizes): Laid {
  const rows: Row[] = [];
  let top = 0;
  let day = "";
  for (let first = 0; first < times.length;) {
    const at = hourOf(times[first]!);
    const end = endOfHour(times, first, at);
    if (dayOf(at) !== day) {
      day = dayOf(at);
      rows.push({ kind: "day", top, at, first, count: 0 });
      top += sizes.day;
    }
    rows.push({ kind: "hour", top, at, first, count: end - first });
    top += sizes.hour;
    for (; first < end; first += columns) {
      rows.push({ kind: "cards", top, first, count: Math.min(columns, end - first) });
      top += sizes.card;
    }
    first = end;
  }
  return { rows, height: top, columns };
}

/** Where the hour of a moment begins, by the viewer's clock; hours that clocks repeat are two. */
export function hourOf(at: number): number {
  const local = at - new Date(at).getTimezoneOffset() * 60_000;
  return at - (((local % HOUR) + HOUR) % HOUR);
}

function endOfHour(times: readonly number[], first: number, begin: number): number {
  let end = first + 1;
  while (end < times.length && times[end]! >= begin && times[end]! < begin + HOUR) end += 1;
  return end;
}

/** The rows in sight and `spare` pixels around them, half-open. */
export function inSight({ rows }: Laid, scrolled: number, seen: number, spare: number): { first: number; last: number } {
  const first = Math.max(0, firstAfter(rows, scrolled - spare) - 1);
  return { first, last: firstAfter(rows, scrolled + seen + spare) };
}

/** The line that a card stands in. */
export const lineOf = ({ rows }: Laid, index: number): Row | undefined =>
  rows.findLast((one) => one.kind === "cards" && one.first <= index && index < one.first + one.count);

/** The card above or below one, in its column as far as that line has one; the card itself at the ends. */
export function beside(laid: Laid, index: number, by: 1 | -1): number {
  const line = lineOf(laid, index);
  const lines: Row[] = laid.rows.filter((one) => one.kind === "cards");
  const next = line && lines[lines.indexOf(line) + by];
  return next ? next.first + Math.min(index - line.first, next.count - 1) : index;
}

/** Cards that can be seen at least by half. */
export function cardsInSight({ rows }: Laid, scrolled: number, seen: number, card: number): { first: number; last: number } {
  const lines = rows.slice(Math.max(0, firstAfter(rows, scrolled - card) - 1), firstAfter(rows, scrolled + seen))
    .filter((one) => one.kind === "cards" && one.top + card / 2 >= scrolled && one.top + card / 2 <= scrolled + seen);
  const last = lines.at(-1);
  return last ? { first: lines[0]!.first, last: last.first + last.count } : { first: 0, last: 0 };
}

/** The first row that begins after a place. */
function firstAfter(rows: readonly Row[], place: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]!.top > place) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** How many cards stand side by side, and how large they are. */
export function sizesOf(width: number): { columns: number; card: number; picture: number } {
  const least = width < 560 ? 156 : 216;
  const columns = Math.max(1, Math.floor((width + GAP) / (least + GAP)));
  const picture = Math.round((((width - GAP * (columns - 1)) / columns) * 9) / 16);
  return { columns, card: picture + TEXT + GAP, picture };
}

/** Between cards, and for the words of one, px. */
export const GAP = 8;
export const TEXT = 72;
