/** Dialogs that lie over the page, the newest on top: news has to stand inside it, for everything else is inert meanwhile. */

import { untrack } from "svelte";

class Layers {
  #open = $state.raw<readonly string[]>([]);

  /** The dialog on top; null: nothing lies over the page. */
  readonly top = $derived(this.#open.at(-1) ?? null);

  /** A dialog has opened; returns what tells that it is gone. */
  add(id: string): () => void {
    this.#open = [...untrack(() => this.#open), id];
    return () => void (this.#open = this.#open.filter((one) => one !== id));
  }
}

export const layers = new Layers();
