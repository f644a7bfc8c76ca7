/** Keys that do something, and the list of them that `?` shows. */

import { untrack } from "svelte";

export interface Shortcut { keys: string[]; does: () => string; run: (event: KeyboardEvent) => void; group?: () => string }

class Shortcuts {
  listed = $state.raw<readonly Shortcut[]>([]);
  isShown = $state(false);

  /** Add some; returns what takes them away again: `$effect(() => shortcuts.add([…]))`. Later ones come first. */
  add(more: Shortcut[]): () => void {
    this.listed = [...untrack(() => this.listed), ...more];
    return () => void (this.listed = this.listed.filter((one) => !more.includes(one)));
  }

  start(): () => void {
    const pressed = (event: KeyboardEvent): void => this.#pressed(event);
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }

  #pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented || isTyping(event) || document.querySelector("dialog[open]")) return;
    const key = nameOf(event);
    if (key === "?") this.isShown = true;
    else {
      const found = this.listed.findLast((one) => one.keys.includes(key));
      if (!found) return;
      found.run(event);
    }
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
