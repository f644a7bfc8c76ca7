/**
 * Something that only one window of this browser has at a time. Over HTTP/1.1 a browser opens six connections to a host for all its
 * windows together, so a stream in each would leave none for anything else. Web Locks would do, but browsers keep them from pages
 * that came without TLS.
 */

const FOR_MS = 15_000;
const AGAIN_MS = 5000;

interface Kept { id: string; until: number }

export class Lease {
  readonly #window = Math.random().toString(36).slice(2);
  readonly #users = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(private readonly key: string) {}

  /** Whether this window has it now; until `drop`, or until another window turns out to have it too: then `lost` is called. */
  take(lost: () => void): boolean {
    const kept = this.#kept();
    if (kept && kept.id !== this.#window && kept.until > Date.now()) return false;
    this.#users.add(lost);
    this.#keep();
    this.#timer ??= setInterval(() => this.#check(), AGAIN_MS);
    return true;
  }

  /** Whoever gave `lost` does without it; when nobody here needs it any more it is left to other windows. */
  drop(lost: () => void): void {
    this.#users.delete(lost);
    if (this.#users.size) return;
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    if (this.#kept()?.id === this.#window) localStorage.removeItem(this.key);
  }

  #check(): void {
    if (this.#kept()?.id === this.#window) return this.#keep();
    for (const lost of [...this.#users]) {
      this.drop(lost);
      lost();
    }
  }

  #keep(): void {
    localStorage.setItem(this.key, JSON.stringify({ id: this.#window, until: Date.now() + FOR_MS } satisfies Kept));
  }

  #kept(): Kept | null {
    const text = localStorage.getItem(this.key);
    return text ? (JSON.parse(text) as Kept) : null;
  }
}
