/** Pieces of answers put together again: what a border of tiles cut in two is one. */

import type { Counts, Expiration, Mark, Protected, Ranges, Span } from "./content";
import type { Marked } from "./questions";
import type { Piece } from "./store";

/** What overlaps [start, end), cut to it. */
export function cut<T extends Span>(spans: readonly T[], { start_ms, end_ms }: Span): T[] {
  const found: T[] = [];
  for (const one of spans) {
    if (one.end_ms <= start_ms || one.start_ms >= end_ms) continue;
    const isInside = one.start_ms >= start_ms && one.end_ms <= end_ms;
    found.push(isInside ? one : { ...one, start_ms: Math.max(one.start_ms, start_ms), end_ms: Math.min(one.end_ms, end_ms) });
  }
  return found;
}

/** Spans by start, those that touch and say the same made one. */
export function joined<T extends Span>(spans: readonly T[], same: (one: T, other: T) => boolean): T[] {
  const found: T[] = [];
  for (const one of spans) {
    const last = found.at(-1);
    if (last && one.start_ms <= last.end_ms && same(last, one)) found[found.length - 1] = { ...last, end_ms: Math.max(last.end_ms, one.end_ms) };
    else found.push(one);
  }
  return found;
}

const always = (): boolean => true;
const holdsOf = (one: Protected): string => one.holds.map((hold) => `${hold.kind} ${hold.id}`).sort().join();

/** Ranges of pieces that follow each other. */
export function joinedRanges(pieces: readonly Piece<Ranges>[]): Ranges {
  const all = <K extends keyof Ranges>(name: K): Ranges[K] => pieces.flatMap((one) => cut<Span>(one.value[name], one)) as Ranges[K];
  return {
    recorded: joined(all("recorded"), always),
    gaps: joined(all("gaps"), (one, other) => one.reason === other.reason),
    protected: joined(all("protected"), (one, other) => holdsOf(one) === holdsOf(other)),
  };
}

/**
 * Every episode once, by start; counts where there is nothing better. Pieces follow each other and list by start.
 *
 * One that reaches over a border is told by both sides: the one that knows a later end is right.
 */
export function joinedMarks(pieces: readonly Piece<Marked>[]): { marks: Mark[]; counts: Counts[] } {
  const marks: Mark[] = [];
  const over = new Map<string, Mark>();
  for (const { value, start_ms, end_ms } of pieces) {
    for (const one of value.marks) {
      if (one.start_ms >= start_ms && one.start_ms < end_ms) marks.push(one);
      else if (one.start_ms < start_ms && one.end_ms > start_ms) over.set(one.id, one);
    }
  }
  for (let index = 0; over.size && index < marks.length; index++) {
    const other = over.get(marks[index]!.id);
    if (!other) continue;
    if (other.end_ms > marks[index]!.end_ms) marks[index] = other;
    over.delete(other.id);
  }
  const before = [...over.values()].sort((one, other) => one.start_ms - other.start_ms);
  const counts = pieces.flatMap((one) => one.value.counts ? [cutCounts(one.value.counts, one)] : []);
  return { marks: before.length ? [...before, ...marks] : marks, counts };
}

/** Every decision once. */
export function joinedExpirations(pieces: readonly Piece<readonly Expiration[]>[]): Expiration[] {
  const found = new Map(pieces.flatMap((one) => one.value.map((each) => [each.expiration_id, each] as const)));
  return [...found.values()].sort((one, other) => one.start_ms - other.start_ms);
}

/** `old` with what `fresh` says of a window, everything else as it was. */
export function patched(old: Ranges, fresh: Ranges, window: Span): Ranges {
  const before = { start_ms: -Infinity, end_ms: window.start_ms };
  const after = { start_ms: window.end_ms, end_ms: Infinity };
  return joinedRanges([{ ...before, value: old }, { ...window, value: fresh }, { ...after, value: old }]);
}

/** `old` with the episodes that reach into a window as they are told now. */
export function patchedMarks(old: Marked, fresh: readonly Mark[], window: Span): Marked {
  if (old.counts) return old;
  const told = new Set(fresh.map((one) => one.id));
  const rest = old.marks.filter((one) => !told.has(one.id) && (one.start_ms < window.start_ms || one.start_ms >= window.end_ms));
  return { marks: [...rest, ...fresh].sort((one, other) => one.start_ms - other.start_ms), counts: null };
}

/** Whole steps of counts inside a window. */
function cutCounts(counts: Counts, { start_ms, end_ms }: Span): Counts {
  const first = Math.max(Math.floor((start_ms - counts.start_ms) / counts.step_ms), 0);
  const last = Math.min(Math.ceil((end_ms - counts.start_ms) / counts.step_ms), counts.episodes.length);
  const from = counts.start_ms + first * counts.step_ms;
  return { start_ms: from, end_ms: counts.start_ms + last * counts.step_ms, step_ms: counts.step_ms, episodes: counts.episodes.slice(first, last) };
}

