/** The stretch of time that is looked at, and how it lies on the canvas. */

const SECOND = 1000;
const DAY = 86_400_000;
export const SHORTEST_MS = 10 * SECOND;
export const LONGEST_MS = 90 * DAY;

/** Half-open, UTC ms, not rounded. */
export interface View { readonly from: number; readonly to: number }

export const lengthOf = (view: View): number => view.to - view.from;

/** A view of at least 10 s and at most 90 days around the middle of what was asked for. */
export function fitted(from: number, to: number): View {
  const length = Math.min(Math.max(to - from, SHORTEST_MS), LONGEST_MS);
  const start = (from + to - length) / 2;
  return { from: start, to: start + length };
}

/** px from the left of a canvas so wide. */
export const xOf = (view: View, width: number, at: number): number => (at - view.from) / (view.to - view.from) * width;

/** The time at x px. */
export const atOf = (view: View, width: number, x: number): number => view.from + x / width * (view.to - view.from);

/** `factor` times as long, `at` staying where it is; stops at both ends of the zoom. */
export function zoomed(view: View, factor: number, at: number): View {
  const length = lengthOf(view);
  const wanted = Math.min(Math.max(length * factor, SHORTEST_MS), LONGEST_MS);
  const from = at - (at - view.from) * wanted / length;
  return { from, to: from + wanted };
}

/** The same length, so many ms later. */
export const moved = (view: View, by: number): View => ({ from: view.from + by, to: view.to + by });

/** The same length, with `at` in the middle. */
export const centred = (view: View, at: number): View => moved(view, at - (view.from + view.to) / 2);

/** Kept so that the year 1970 and what lies more than one view ahead of now stay out of sight. */
export function bounded(view: View, now: number): View {
  const length = lengthOf(view);
  const from = Math.min(Math.max(view.from, 0), now + length / 2);
  return from === view.from ? view : { from, to: from + length };
}

/** Between two views, `share` 0 to 1: lengths change by equal factors, so that a zoom looks even. */
export function between(one: View, other: View, share: number): View {
  const length = lengthOf(one) * (lengthOf(other) / lengthOf(one)) ** share;
  const grown = lengthOf(other) - lengthOf(one);
  const part = Math.abs(grown) < 1e-6 * lengthOf(one) ? share : (length - lengthOf(one)) / grown;
  const from = one.from + (other.from - one.from) * part;
  return { from, to: from + length };
}
