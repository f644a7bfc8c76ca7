/** Where to go next in an archive of any length: asked of the API, because a view knows only what it shows. */

import type { Episode, Ranges } from "./content";
import type { Hidden } from "./model";
import type { Ask } from "./questions";
import { ofMedia } from "../lib/api/request";

const HOUR = 3_600_000;
/** Footage is looked for in windows that grow: most of it is near. */
const GROWTH = 12;
/** Episodes are asked for by when they were opened, and begin a little before: the next to begin is one of so many. */
const NEAR = 20;
const SOURCES: Record<string, string> = { motion: "motion_detector", alarm: "alarm", analytics: "api,inference", person: "person" };

const startOf = ({ started_at, opened_at }: Episode): number => started_at ?? opened_at;

export class Seeking {
  constructor(private readonly ask: Ask, private readonly media: string, private readonly now: () => number) {}

  /** The moment itself where it is recorded, else where footage goes on; null: nothing was recorded since. */
  async nextRecorded(at: number, signal?: AbortSignal): Promise<number | null> {
    let from = Math.floor(at);
    for (let length = HOUR; from < this.now(); length *= GROWTH) {
      const query = { from_ms: from, to_ms: from + length };
      const { recorded } = await this.ask<Ranges>(ofMedia(this.media, "ranges"), { query, ...(signal && { signal }) });
      const found = recorded.find((one) => one.end_ms > at);
      if (found) return Math.max(found.start_ms, at);
      from += length;
    }
    return null;
  }

  /** The next episode that begins after a moment, of those that are shown; null: none. */
  async nextEpisode(at: number, hidden: Hidden, types: readonly string[]): Promise<Episode | null> {
    const found = await this.episodes({ opened_at_gte: Math.floor(at) + 1, sort: "opened_at" }, hidden, types);
    return found.filter((one) => startOf(one) > at).sort((one, other) => startOf(one) - startOf(other))[0] ?? null;
  }

  /** The last episode that begins before a moment, of those that are shown; null: none. */
  async previousEpisode(at: number, hidden: Hidden, types: readonly string[]): Promise<Episode | null> {
    // One may begin before the moment and be opened after it: what is watched leads up to it.
    const [before, after] = await Promise.all([
      this.episodes({ opened_at_lt: Math.floor(at), sort: "-opened_at" }, hidden, types), this.episodes({ opened_at_gte: Math.floor(at), sort: "opened_at" }, hidden, types),
    ]);
    return [...before, ...after].filter((one) => startOf(one) < at).sort((one, other) => startOf(other) - startOf(one))[0] ?? null;
  }

  private async episodes(query: Record<string, string | number>, hidden: Hidden, types: readonly string[]): Promise<Episode[]> {
    const sources = Object.keys(SOURCES).filter((one) => !hidden.has(`origin:${one}`));
    if (!sources.length) return [];
    const source = sources.length < 4 ? sources.map((one) => SOURCES[one]).join() : undefined;
    const isTyped = types.some((one) => hidden.has(`type:${one}`));
    const episode_type = isTyped ? types.filter((one) => !hidden.has(`type:${one}`)).join() : undefined;
    if (isTyped && !episode_type) return [];
    const asked = { ...query, media: this.media, source, episode_type, limit: NEAR };
    return (await this.ask<{ episodes: Episode[] }>("/episodes", { query: asked })).episodes;
  }
}
