/** Gives hls.js the playlist of a reel, and more of it when the player comes near its end: one stream without an end. */

import type { HlsConfig, Loader, LoaderCallbacks, LoaderConfiguration, LoaderStats, PlaylistLoaderContext } from "hls.js";
import { Problem, isAborted } from "../lib/api/request";
import { pause } from "../lib/pause";
import { playlistOf } from "./playlist";
import type { Reel } from "./reel";
import type { Stretch } from "./stretch";

/** What a loader needs to know of the player. */
export interface Watching {
  reel: Reel;
  /** What of the reel is played now. */
  stretch(): Stretch;
  /** Whether the player comes near the end of what it knows. */
  wantsMore(): boolean;
  /** The server did not answer; it is asked again. */
  failed(problem: Problem): void;
  answered(): void;
}

const LOOK_MS = 250;
const EDGE_MS = 2000;
const RETRY_MS = 3000;

/** A loader of playlists for hls.js. It answers when there is something new; players wait meanwhile. */
export function loaderOf(watching: Watching): new (config: HlsConfig) => Loader<PlaylistLoaderContext> {
  return class ReelLoader implements Loader<PlaylistLoaderContext> {
    context: PlaylistLoaderContext | null = null;
    stats: LoaderStats = unloaded();
    #given = new AbortController();

    load(context: PlaylistLoaderContext, _config: LoaderConfiguration, callbacks: LoaderCallbacks<PlaylistLoaderContext>): void {
      this.context = context;
      this.stats.loading.start = performance.now();
      void this.#answer(context, callbacks);
    }

    abort(): void {
      this.#given.abort();
    }

    destroy(): void {
      this.abort();
    }

    getCacheAge = (): null => null;
    getResponseHeader = (): null => null;

    async #answer(context: PlaylistLoaderContext, callbacks: LoaderCallbacks<PlaylistLoaderContext>): Promise<void> {
      const isFirst = (context.type as string) === "manifest";
      // Never at once: hls.js expects answers after it has asked.
      await (isFirst ? pause(0, this.#given.signal) : grown(watching, this.#given.signal));
      if (this.#given.signal.aborted) return;
      const { entries, isWhole } = watching.stretch();
      const data = playlistOf(entries, isWhole);
      const now = performance.now();
      Object.assign(this.stats.loading, { first: now, end: now });
      Object.assign(this.stats, { loaded: data.length, total: data.length });
      callbacks.onSuccess({ url: context.url, data, code: 200 }, this.stats, context, null);
    }
  };
}

/** Comes back once the reel has more, or is known to be whole. */
async function grown({ reel, wantsMore, failed, answered }: Watching, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !reel.isWhole) {
    if (!wantsMore()) await pause(LOOK_MS, signal);
    else {
      try {
        const isMore = await reel.more(signal);
        answered();
        if (isMore) return;
        if (reel.isAtEdge) await pause(EDGE_MS, signal);
      } catch (error) {
        if (isAborted(error)) return;
        if (!(error instanceof Problem)) throw error;
        failed(error);
        await pause(RETRY_MS, signal);
      }
    }
  }
}

function unloaded(): LoaderStats {
  const none = { start: 0, first: 0, end: 0 };
  return { aborted: false, loaded: 0, retry: 0, total: 0, chunkCount: 0, bwEstimate: 0, loading: { ...none }, parsing: { start: 0, end: 0 }, buffering: { ...none } };
}
