/** Work that waits for its turn, so that never more than so many requests are under way. */

export class Turns {
  #running = 0;
  #waiting: (() => void)[] = [];

  constructor(readonly most: number) {}

  /** How much is under way. */
  get running(): number {
    return this.#running;
  }

  /** What `run` answers, once it had its turn. Given up meanwhile, it never runs: throws the browser's AbortError. */
  async take<T>(run: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#running >= this.most) await this.#turn(signal);
    signal?.throwIfAborted();
    this.#running += 1;
    try {
      return await run();
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  #turn(signal?: AbortSignal): Promise<void> {
    return new Promise((done, failed) => {
      const mine = (): void => {
        signal?.removeEventListener("abort", given);
        done();
      };
      const given = (): void => {
        this.#waiting = this.#waiting.filter((one) => one !== mine);
        failed(signal?.reason);
      };
      this.#waiting.push(mine);
      signal?.addEventListener("abort", given, { once: true });
    });
  }
}
