/** Keeps fast playing fast: where the browser cannot decode as fast as is asked, it is taken on to a key frame. */

const LOOK_MS = 1000;
const SLOWEST = 0.75;
const PATIENCE = 2;

export class Pace {
  #from: { wall: number; place: number } | null = null;
  #late = 0;

  /**
   * Asked once in a while; answers where the player should be (s) when it has been too slow for a while although it has
   * footage, else null. `wall` ms, `place` s, `ahead` s of footage in the buffer.
   */
  look(wall: number, place: number, ahead: number, rate: number): number | null {
    const from = this.#from;
    if (from && wall - from.wall < LOOK_MS) return null;
    this.#from = { wall, place };
    if (!from || place < from.place) return this.#reset();
    const due = ((wall - from.wall) / 1000) * rate;
    const isSlow = place - from.place < due * SLOWEST && ahead > rate;
    if (!isSlow) return this.#reset();
    this.#late += 1;
    if (this.#late < PATIENCE) return null;
    this.#from = { wall, place: from.place + due };
    return from.place + due;
  }

  /** It was paused, or taken elsewhere. */
  forget(): void {
    this.#from = null;
    this.#late = 0;
  }

  #reset(): null {
    this.#late = 0;
    return null;
  }
}

/** How much is in the buffer after a place, s. */
export function bufferedAfter({ buffered }: HTMLVideoElement, place: number): number {
  for (let index = 0; index < buffered.length; index++) {
    if (buffered.start(index) <= place && place < buffered.end(index)) return buffered.end(index) - place;
  }
  return 0;
}
