/** Something that is fetched: what came, whether it is on its way, and what went wrong. */

import { Problem, isAborted } from "./api/request";

export class Load<T> {
  value = $state.raw<T | null>(null);
  problem = $state.raw<Problem | null>(null);
  isLoading = $state(false);
  #running: AbortController | null = null;

  /** Fetch anew; an answer that is still awaited is given up, and the value before stays until the next is here. */
  async run(fetching: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.stop();
    const running = (this.#running = new AbortController());
    this.isLoading = true;
    try {
      const value = await fetching(running.signal);
      if (this.#running !== running) return;
      this.value = value;
      this.problem = null;
    } catch (error) {
      if (isAborted(error) || this.#running !== running) return;
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
    } finally {
      if (this.#running === running) this.isLoading = false;
    }
  }

  /** Give up what is awaited. */
  stop(): void {
    this.#running?.abort();
    this.#running = null;
    this.isLoading = false;
  }
}
