/** Short news at the edge of the page, read out by screen readers. */

import { Problem, isAborted } from "./api/request";

/** `undo` takes back what the news is about. */
export interface Toast { id: number; kind: "good" | "bad" | "info"; text: string; undo?: () => void }
const SHOWN_MS = 6000;

class Toasts {
  shown = $state<Toast[]>([]);
  #last = 0;

  good(text: string, undo?: () => void): void {
    this.#add("good", text, undo);
  }

  bad(text: string): void {
    this.#add("bad", text);
  }

  info(text: string): void {
    this.#add("info", text);
  }

  /** Tell a failure in the server's words. What was given up is no failure; what is our mistake is thrown on. */
  failed(error: unknown): void {
    if (isAborted(error)) return;
    if (!(error instanceof Problem)) throw error;
    if (error.status !== 401) this.bad(error.message);
  }

  drop(id: number): void {
    this.shown = this.shown.filter((one) => one.id !== id);
  }

  #add(kind: Toast["kind"], text: string, undo?: () => void): void {
    const id = ++this.#last;
    this.shown = [...this.shown.slice(-3), { id, kind, text, ...(undo && { undo }) }];
    if (kind !== "bad") setTimeout(() => this.drop(id), SHOWN_MS);
  }
}

export const toasts = new Toasts();
