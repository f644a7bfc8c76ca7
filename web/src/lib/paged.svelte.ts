/** A list that is read page by page: what is here, whether there is more, and what went wrong. */

import { Load } from "./load.svelte";

export interface Page<T> { items: readonly T[]; next: string | null }

interface Shown<T> extends Page<T> { isFirst: boolean }

export class Paged<T> extends Load<Shown<T>> {
  constructor(private readonly fetching: (cursor: string | null, signal: AbortSignal) => Promise<Page<T>>) {
    super();
  }

  /** Null before the first answer. */
  get items(): readonly T[] | null {
    return this.value?.items ?? null;
  }

  get next(): string | null {
    return this.value?.next ?? null;
  }

  /** Whether nothing beyond the first page is shown, so that it may be read anew without taking away what was asked for. */
  get isFirst(): boolean {
    return this.value?.isFirst ?? true;
  }

  /** Read the first page anew; what is shown stays until it is here. */
  load(): Promise<void> {
    return this.#read(null);
  }

  /** Read the next page, unless there is none. */
  async more(): Promise<void> {
    if (this.next !== null && !this.isLoading) await this.#read(this.next);
  }

  #read(cursor: string | null): Promise<void> {
    return this.run(async (signal) => {
      const { items, next } = await this.fetching(cursor, signal);
      return { items: cursor ? [...(this.items ?? []), ...items] : items, next, isFirst: cursor === null };
    });
  }
}
