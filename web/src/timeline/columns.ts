/** Level of detail: spans merged into the pixel columns that they would fill, so that a frame costs columns, not spans. */

import type { Span } from "./content";
import { type Sorted, notBelowFrom } from "./sorted";
import type { View } from "./view";

/** How full a column is: one span, a few, many. */
export type Shade = 0 | 1 | 2;
const FEW = 2;
const MANY = 6;

/** Runs of equal shade from left to right, in px; reused from frame to frame, so that drawing makes no garbage. */
export class Columns {
  from = new Float32Array(256);
  to = new Float32Array(256);
  shade = new Uint8Array(256);
  /** Spans that begin in the run. */
  count = new Uint32Array(256);
  /** Index of the first of them. */
  first = new Uint32Array(256);
  size = 0;

  clear(): void {
    this.size = 0;
  }

  /** A column more; joins the run before it where they touch and look alike. */
  add(from: number, to: number, count: number, first: number, joins: boolean): void {
    const shade: Shade = count >= MANY ? 2 : count >= FEW ? 1 : 0;
    const last = this.size - 1;
    if (joins && last >= 0 && from <= this.to[last]! && this.shade[last] === shade) {
      this.to[last] = Math.max(this.to[last]!, to);
      this.count[last]! += count;
      return;
    }
    if (this.size === this.from.length) this.grow();
    this.from[this.size] = from;
    this.to[this.size] = to;
    this.shade[this.size] = shade;
    this.count[this.size] = count;
    this.first[this.size] = first;
    this.size += 1;
  }

  private grow(): void {
    for (const name of ["from", "to", "shade", "count", "first"] as const) {
      const old = this[name];
      const wider = new (old.constructor as new (size: number) => typeof old)(old.length * 2);
      wider.set(old as never);
      (this as Record<typeof name, typeof old>)[name] = wider;
    }
  }
}

/**
 * Fill `into` with what of `spans` is visible on a canvas `width` px wide.
 *
 * Every span is at least `least` px wide. `counted`: columns are told apart by how many begin in them, and a span that begins
 * alone stays alone; else all that touches is one run. `grain` is the width of a column in px.
 */
export function merge(spans: Sorted<Span>, view: View, width: number, into: Columns, { least = 1, counted = false, grain = 1 } = {}): Columns {
  into.clear();
  const scale = width / (view.to - view.from);
  const [first, last] = spans.within(view.from, view.to);
  for (let index = first; index < last;) {
    const from = Math.floor((spans.starts[index]! - view.from) * scale / grain) * grain;
    const next = Math.max(index + 1, Math.min(last, notBelowFrom(spans.starts, view.from + (from + grain) / scale, index)));
    const to = Math.max(from + least, (spans.tops[next - 1]! - view.from) * scale);
    const count = next - index;
    if (to > 0) into.add(Math.max(from, -least), Math.min(to, width + least), counted ? count : 1, index, !counted || count > 1);
    index = next;
  }
  return into;
}
