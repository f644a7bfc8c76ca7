/** Keys that do something, and the list of them that `?` shows. */

import { untrack } from "svelte";

export interface Shortcut { keys: string[]; does: () => string; run: (event: KeyboardEvent) => void; group?: () => string }

class Shortcuts {
  listed = $state.raw<readonly Shortcut[]>([]);
  isShown = $state(false);
  /** What the pointer pressed last: it has the focus, but keys are not meant for it. A list is open until something is chosen. */
  #clicked: EventTarget | null = null;
  #chosen: EventTarget | null = null;

  /** Add some; returns what takes them away again: `$effect(() => shortcuts.add([…]))`. Later ones come first. */
  add(more: Shortcut[]): () => void {
    this.listed = [...untrack(() => this.listed), ...more];
    return () => void (this.listed = this.listed.filter((one) => !more.includes(one)));
  }

  start(): () => void {
    const ending = new AbortController();
    const { signal } = ending;
    addEventListener("keydown", (event) => this.#pressed(event), { signal });
    addEventListener("pointerdown", ({ target }) => (this.#clicked = (target as Element).closest?.("button, a, summary, select") ?? null), { signal, capture: true });
    addEventListener("change", ({ target }) => (this.#chosen = target as Element), { signal, capture: true });
    return () => ending.abort();
  }

  #pressed(event: KeyboardEvent): void {
    if (event.key === "Tab") this.#clicked = this.#chosen = null;
    const { target } = event;
    const isDone = target !== null && target === this.#clicked && (target === this.#chosen || !(target instanceof HTMLSelectElement));
    if (event.defaultPrevented || (!isDone && isTyping(event)) || document.querySelector("dialog[open]")) return;
    const key = nameOf(event);
    const found = key === "?" ? null : this.listed.findLast((one) => one.keys.includes(key));
    if (found === undefined) return;
    // Letting a key go presses what has the focus, whatever became of pressing it.
    if (isDone) (target as HTMLElement).blur();
    if (found) found.run(event);
    else this.isShown = true;
    event.preventDefault();
  }
}

export const shortcuts = new Shortcuts();

/** "Space", "ArrowLeft", "Shift+ArrowLeft", "a", "?": Shift is named only where the key is no character. */
export function nameOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string {
  const key = event.key === " " ? "Space" : event.key;
  const held = [event.ctrlKey && "Ctrl", event.metaKey && "Meta", event.altKey && "Alt", event.shiftKey && key.length > 1 && "Shift"];
  return [...held.filter(Boolean), key].join("+");
}

/** Whether a key is meant for a field, or presses the button that has the focus. */
function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  if (!target?.matches) return false;
  const isField = target.matches("input:not([type=checkbox],[type=radio],[type=range]), textarea, select, [contenteditable]");
  const pressesIt = (event.key === " " || event.key === "Enter") && target.matches("button, a, [role=tab], [role=option], input, summary");
  return isField || pressesIt;
}
