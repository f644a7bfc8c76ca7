/** The latest picture of cameras that do not play: never more than a few requests at once, and no picture kept that is not shown. */

import { pictureAt } from "../../lib/api/footage";
import { Problem, isAborted, send } from "../../lib/api/request";
import { Turns } from "../../lib/turns";
import { pause } from "../../lib/pause";

const WIDTH = 480;
const EVERY_MS = 5000;
const SLOW_MS = 30_000;

/** A picture, and when it was taken. */
export interface Snapshot { url: string; at_ms: number }

export class Snapshots {
  readonly #turns: Turns;

  constructor(most = 4, private readonly every = EVERY_MS) {
    this.#turns = new Turns(most);
  }

  /** Tell a camera's latest picture now and every few seconds, until what comes back is called; that takes the last one away too. */
  watch(media: string, told: (now: Snapshot | null) => void): () => void {
    const ending = new AbortController();
    let shown: Snapshot | null = null;
    const show = (next: Snapshot | null): void => {
      if (shown) URL.revokeObjectURL(shown.url);
      shown = next;
      told(next);
    };
    void this.#go(media, show, ending.signal);
    return () => {
      ending.abort();
      show(null);
    };
  }

  async #go(media: string, show: (next: Snapshot) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let wait = this.every;
      try {
        const next = await this.#turns.take(() => read(media, signal), signal);
        if (signal.aborted) return URL.revokeObjectURL(next.url);
        show(next);
      } catch (error) {
        if (isAborted(error)) return;
        if (!(error instanceof Problem)) throw error;
        // Never recorded, or the server is away: the tile says so; it is asked less often.
        wait = SLOW_MS;
      }
      await pause(wait, signal);
    }
  }
}

async function read(media: string, signal: AbortSignal): Promise<Snapshot> {
  const answer = await send(pictureAt(media, Date.now(), WIDTH), { signal, accept: "image/*" });
  const at_ms = Number(answer.headers.get("X-At-Ms")) || Date.now();
  return { url: URL.createObjectURL(await answer.blob()), at_ms };
}
