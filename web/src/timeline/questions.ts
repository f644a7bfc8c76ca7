/** What the timeline asks the API about a window of one camera, and what it keeps of the answers. */

import { type Counts, type Episode, type Expiration, type Mark, type Ranges, type Span, markOf } from "./content";
import { type Query, ofMedia } from "../lib/api/request";

/** `ask` of lib/api/request, or a fake of it. */
export type Ask = <T>(path: string, asked: { query?: Query; signal?: AbortSignal }) => Promise<T>;

/** Episodes of a window: each of them, or how many were opened when. */
export interface Marked { marks: readonly Mark[]; counts: Counts | null }

/** No more episodes than this are fetched one by one for one tile; the API gives so many at once. */
export const MOST = 2000;
const PAGE = 1000;
/** Windows so long are counted first: most of them have too many. */
const LONG_MS = 6 * 3_600_000;
/** Steps of a histogram of one tile: about one for a px of a wide screen. */
const STEPS = 2048;

export class Questions {
  constructor(private readonly ask: Ask, readonly media: string) {}

  /** What is recorded, missing and kept. Nothing is known of the future but what is kept. */
  async ranges(span: Span, now: number, signal: AbortSignal): Promise<Ranges> {
    const query = { from_ms: span.start_ms, to_ms: span.end_ms };
    const told = await this.ask<Ranges>(ofMedia(this.media, "ranges"), { query, signal });
    return { recorded: told.recorded, gaps: told.gaps.filter((one) => one.start_ms < now).map((one) => until(one, now)), protected: told.protected };
  }

  /** Every episode, or only their number where they are too many. */
  async marks(span: Span, signal: AbortSignal): Promise<Marked> {
    if (span.end_ms - span.start_ms > LONG_MS) {
      const counts = await this.counts(span, signal);
      if (sum(counts.episodes) > MOST) return { marks: [], counts };
    }
    const marks = await this.listed(span, signal);
    return marks ? { marks, counts: null } : { marks: [], counts: await this.counts(span, signal) };
  }

  /** The episodes that reach into a window; null: more than can be fetched one by one. */
  async listed(span: Span, signal: AbortSignal): Promise<Mark[] | null> {
    const found: Mark[] = [];
    const query = { media: this.media, overlaps_from: span.start_ms, overlaps_to: span.end_ms, sort: "opened_at", limit: PAGE };
    for (let cursor: string | null = ""; cursor !== null;) {
      const page: { episodes: Episode[]; next: string | null; estimated_count: number } =
        await this.ask("/episodes", { query: { ...query, cursor }, signal });
      found.push(...page.episodes.map(markOf));
      if (page.next && (found.length >= MOST || page.estimated_count > MOST)) return null;
      cursor = page.next;
    }
    return found;
  }

  /** Decisions that wait, the next to go first; more than a page of them look like one band anyway. */
  async expirations(span: Span, signal: AbortSignal): Promise<Expiration[]> {
    const query = { media: this.media, state: "expired", from_ms: span.start_ms, to_ms: span.end_ms, limit: PAGE };
    return (await this.ask<{ expirations: Expiration[] }>("/expirations", { query, signal })).expirations;
  }

  private async counts(span: Span, signal: AbortSignal): Promise<Counts> {
    const step_ms = Math.max(Math.ceil((span.end_ms - span.start_ms) / STEPS / 1000) * 1000, 1000);
    const query = { from_ms: span.start_ms, to_ms: span.end_ms, step_ms };
    const told = await this.ask<{ episodes: number[] }>(ofMedia(this.media, "activity"), { query, signal });
    return { ...span, step_ms, episodes: told.episodes };
  }
}

/** A gap that is still open is told up to the end of the window: no later than now. */
const until = <T extends Span>(one: T, now: number): T => one.end_ms > now ? { ...one, end_ms: now } : one;

const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
