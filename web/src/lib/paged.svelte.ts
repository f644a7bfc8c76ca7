/** A list that is read page by page: what is here, whether there is more, and what went wrong. */

import { Problem, isAborted } from "./api/request";

export interface Page<T> { items: readonly T[]; next: string | null }

export class Paged<T> {
  /** Null before the first answer. */
  items = $state.raw<readonly T[] | null>(null);
  next = $state.raw<string | null>(null);
  problem = $state.raw<Problem | null>(null);
  isLoading = $state(false);
  /** Whether nothing beyond the first page is shown, so that it may be read anew without taking away what was asked for. */
  isFirst = $state(true);
  #running: AbortController | null = null;

  constructor(private readonly fetching: (cursor: string | null, signal: AbortSignal) => Promise<Page<T>>) {}

  /** Read the first page anew; what is shown stays until it is here. */
  load(): Promise<void> {
    return this.#read(null);
  }

  /** Read the next page, unless there is none. */
  async more(): Promise<void> {
    if (this.next !== null && !this.isLoading) await this.#read(this.next);
  }

  /** Give up what is awaited. */
  stop(): void {
    this.#running?.abort();
    this.#running = null;
    this.isLoading = false;
  }

  async #read(cursor: string | null): Promise<void> {
    this.stop();
    const running = (this.#running = new AbortController());
    this.isLoading = true;
    try {
      const page = await this.fetching(cursor, running.signal);
      if (this.#running !== running) return;
      this.items = cursor ? [...(this.items ?? []), ...page.items] : page.items;
      [this.next, this.problem, this.isFirst] = [page.next, null, cursor === null];
    } catch (error) {
      if (isAborted(error) || this.#running !== running) return;
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
    } finally {
      if (this.#running === running) this.isLoading = false;
    }
  }
}
