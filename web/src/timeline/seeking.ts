/** Where to go next in an archive of any length: asked of the API, because a view knows only what it shows. */

import type { Episode, Ranges } from "./content";
import type { Hidden } from "./model";
import type { Ask } from "./questions";
import { ofMedia } from "../lib/api/request";

const HOUR = 3_600_000;
/** Footage is looked for in windows that grow: most of it is near. */
const GROWTH = 12;
const SOURCES: Record<string, string> = { motion: "motion_detector", alarm: "alarm", analytics: "api,inference", person: "person" };

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
  nextEpisode(at: number, hidden: Hidden, types: readonly string[]): Promise<Episode | null> {
    return this.episode({ opened_at_gte: Math.floor(at) + 1, sort: "opened_at" }, hidden, types);
  }

  /** The last episode that begins before a moment, of those that are shown; null: none. */
  previousEpisode(at: number, hidden: Hidden, types: readonly string[]): Promise<Episode | null> {
    return this.episode({ opened_at_lt: Math.floor(at), sort: "-opened_at" }, hidden, types);
  }

  private async episode(query: Record<string, string | number>, hidden: Hidden, types: readonly string[]): Promise<Episode | null> {
    const sources = Object.keys(SOURCES).filter((one) => !hidden.has(`origin:${one}`));
    if (!sources.length) return null;
    const source = sources.length < 4 ? sources.map((one) => SOURCES[one]).join() : undefined;
    const isTyped = types.some((one) => hidden.has(`type:${one}`));
    const episode_type = isTyped ? types.filter((one) => !hidden.has(`type:${one}`)).join() : undefined;
    if (isTyped && !episode_type) return null;
    const asked = { ...query, media: this.media, source, episode_type, limit: 1 };
    return (await this.ask<{ episodes: Episode[] }>("/episodes", { query: asked })).episodes[0] ?? null;
  }
}
