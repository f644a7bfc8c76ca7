/** Which footage to leave out when decoders stumble over it. */

import type { Entry } from "./playlist";

/** Decoders are so far ahead of what is shown. */
const AHEAD_MS = 500;
/** After so many in a row without a picture there is no use in going on. */
const MOST = 8;

export class Stumbles {
  #last: number | null = null;
  #count = 0;

  /**
   * A decoder stumbled while `at` was shown, or wanted. `named`: what it says it stumbled over, when that is known. Answers when the segment
   * begins that is to be left out; null: none yet, it may do better once it is begun anew.
   */
  blame(entries: readonly Entry[], at: number, named: number | null): number | null {
    this.#count += 1;
    const found = entries.findLast((one) => one.start_ms <= (named ?? at + AHEAD_MS)) ?? entries[0];
    const bad = found?.start_ms ?? null;
    const isSure = named !== null || bad === this.#last;
    this.#last = bad;
    return isSure ? bad : null;
  }

  get isHopeless(): boolean {
    return this.#count > MOST;
  }

  /** There is a picture. */
  seen(): void {
    this.#count = 0;
  }
}
