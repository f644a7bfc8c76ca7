/** One camera's archive from a moment on, fetched window by window as it is watched. */

import { type Entry, entriesOf, stitched } from "./playlist";

/** Footage of a window as a playlist; where there is none, when it goes on (null: it does not). */
export type Fetched = { text: string } | { next_ms: number | null };
export type Fetching = (from_ms: number, to_ms: number, signal: AbortSignal) => Promise<Fetched>;

/** What may be asked for, such as a share's window. `to_ms` null: it goes on with whatever is recorded. */
export interface Bounds { from_ms: number; to_ms: number | null }

const MINUTE = 60_000;
export const WINDOW_MS = 10 * MINUTE;
/** How much before the moment asked for is at hand for going back. */
export const LEAD_MS = MINUTE;
/** Footage that ended so long ago goes on no more by itself. */
const OVER_MS = MINUTE;
const MOST_WINDOWS = 8;

export class Reel {
  /** What of it can be played. */
  entries: Entry[] = [];
  /** Nothing comes after what is known. */
  isWhole = false;
  /** All that is recorded until now is known, and more is on its way. */
  isAtEdge = false;
  #known: Entry[] = [];
  #left = new Set<number>();
  #edge = 0;
  #limit: number;

  constructor(private readonly fetching: Fetching, private readonly now: () => number, readonly bounds: Bounds = { from_ms: 0, to_ms: null }) {
    this.#limit = bounds.to_ms ?? Infinity;
  }

  /** Find footage at a moment, or the next after it. Answers where to begin; null: nothing is recorded from there on. */
  async open(at: number, signal: AbortSignal): Promise<number | null> {
    this.#edge = Math.max(this.bounds.from_ms, Math.floor(at) - LEAD_MS);
    return this.reach(at, signal);
  }

  /** The same in what goes on from what is known. */
  async reach(at: number, signal: AbortSignal): Promise<number | null> {
    for (let tries = 0; tries < MOST_WINDOWS && !this.#after(at) && !this.isWhole && !this.isAtEdge; tries++) await this.more(signal);
    const first = this.#after(at) ?? (this.isAtEdge ? this.entries.at(-1) : undefined);
    return first ? Math.min(Math.max(at, first.start_ms), first.end_ms - 1) : null;
  }

  /** Take in the next window; true when something came. */
  async more(signal: AbortSignal): Promise<boolean> {
    if (this.isWhole) return false;
    const known = this.#known.length;
    const to = Math.min(this.#edge + WINDOW_MS, this.#limit);
    const answer = await this.fetching(this.#known.at(-1)?.start_ms ?? this.#edge, to, signal);
    if ("text" in answer) this.#know(stitched(this.#known, this.#sure(entriesOf(answer.text), to)));
    const now = this.now();
    this.isAtEdge = false;
    if (this.#known.length > known) this.#edge = Math.min(to, Math.max(now, this.#edge));
    else if (to >= this.#limit) this.isWhole = true;
    else if (to >= now) this.#rest(now);
    else this.#jump(to, "next_ms" in answer ? answer.next_ms : await this.#next(to, signal), now);
    return this.#known.length > known;
  }

  /** Leave out the segment that begins then: it cannot be played. */
  leave(start_ms: number): void {
    this.#left.add(start_ms);
    this.#know(this.#known);
  }

  #know(known: Entry[]): void {
    this.#known = known;
    const isLeft = (one: Entry | undefined): boolean => one !== undefined && this.#left.has(one.start_ms);
    this.entries = known.map((one, index) => (isLeft(known[index - 1]) ? { ...one, breaks: true } : one)).filter((one) => !isLeft(one));
  }

  /** One that reaches out of the window may yet be cut by another recording; it comes with the next. */
  #sure(found: Entry[], to: number): Entry[] {
    return to >= this.#limit ? found : found.filter((one) => one.end_ms <= to);
  }

  async #next(from: number, signal: AbortSignal): Promise<number | null> {
    const answer = await this.fetching(from, Math.min(from + WINDOW_MS, this.#limit), signal);
    return "text" in answer ? from : answer.next_ms;
  }

  #jump(to: number, next: number | null, now: number): void {
    if (next === null) this.#rest(now);
    else if (next >= this.#limit) this.isWhole = true;
    else this.#edge = Math.max(to, next);
  }

  #rest(now: number): void {
    const last = this.#known.at(-1);
    this.isAtEdge = last !== undefined && last.end_ms > now - OVER_MS;
    this.isWhole = !this.isAtEdge;
  }

  #after(at: number): Entry | undefined {
    return this.entries.find((one) => one.end_ms > at);
  }
}
