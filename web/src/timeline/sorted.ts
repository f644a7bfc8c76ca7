/** Spans by start in typed arrays: what reaches into a window is found by halving, however many there are. */

import type { Span } from "./content";

/** Spans in the order of their starts. `tops` is the largest end so far, so that overlapping spans can be searched too. */
export class Sorted<T extends Span> {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly tops: Float64Array;
  readonly items: readonly T[];

  constructor(items: readonly T[]) {
    this.items = isSorted(items) ? items : [...items].sort((one, other) => one.start_ms - other.start_ms);
    const size = items.length;
    this.starts = new Float64Array(size);
    this.ends = new Float64Array(size);
    this.tops = new Float64Array(size);
    let top = -Infinity;
    this.items.forEach((one, index) => {
      this.starts[index] = one.start_ms;
      this.ends[index] = one.end_ms;
      this.tops[index] = top = Math.max(top, one.end_ms);
    });
  }

  get size(): number {
    return this.items.length;
  }

  /** Indices [first, last) that hold every span reaching into [from, to), and maybe some before that do not. */
  within(from: number, to: number): [number, number] {
    const first = above(this.tops, from);
    return [first, Math.max(first, notBelow(this.starts, to))];
  }

  /** Those that cover a moment, or come within `near` ms of it. */
  at(at: number, near = 0): T[] {
    const [first, last] = this.within(at - near, at + near + 1);
    const found: T[] = [];
    for (let index = first; index < last; index++) {
      if (this.ends[index]! > at - near && this.starts[index]! <= at + near) found.push(this.items[index]!);
    }
    return found;
  }

  /** The first that begins at a time or later. */
  next(at: number): T | undefined {
    return this.items[notBelow(this.starts, at)];
  }

  /** The last that begins before a time. */
  previous(at: number): T | undefined {
    return this.items[notBelow(this.starts, at) - 1];
  }
}

/** Index of the first value that is `least` or more; `from` is known to be no later than that. */
export function notBelow(values: Float64Array, least: number, from = 0): number {
  let [low, high] = [from, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The same, quick where the answer is close to `from`: steps double until they pass it. */
export function notBelowFrom(values: Float64Array, least: number, from: number): number {
  let [low, step] = [from, 1];
  while (low + step < values.length && values[low + step]! < least) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, values.length);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first value that is more than `least`, of values that never fall. */
function above(values: Float64Array, least: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! <= least) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isSorted(items: readonly Span[]): boolean {
  for (let index = 1; index < items.length; index++) {
    if (items[index]!.start_ms < items[index - 1]!.start_ms) return false;
  }
  return true;
}
