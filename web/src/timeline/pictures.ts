/** Pictures for the pointer: asked for when it rests, kept for a while, given back to the browser when they go. */

/** Fetches a picture; throws like fetch. */
export type FetchPicture = (at: number, signal: AbortSignal) => Promise<Blob>;

export interface Urls { createObjectURL(blob: Blob): string; revokeObjectURL(url: string): void }

const REST_MS = 110;
const MOST = 48;

export class Pictures {
  private readonly kept = new Map<number, string>();
  private running: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly fetchPicture: FetchPicture, private readonly urls: Urls = URL) {}

  /**
   * `show` is called with the address of the picture at a moment: at once where it is known, else once the pointer rested and it
   * came, and never when something else was asked for meanwhile. null: there is none. `grain` ms are one picture.
   */
  ask(at: number, grain: number, show: (url: string | null) => void): void {
    this.stop();
    const key = Math.round(at / grain) * grain;
    const known = this.kept.get(key);
    if (known) return this.use(key, known, show);
    this.timer = setTimeout(() => void this.fetch(key, show), REST_MS);
  }

  /** Nobody waits any more. */
  stop(): void {
    clearTimeout(this.timer);
    this.running?.abort();
    this.running = null;
  }

  /** Give everything back. */
  close(): void {
    this.stop();
    for (const url of this.kept.values()) this.urls.revokeObjectURL(url);
    this.kept.clear();
  }

  private async fetch(key: number, show: (url: string | null) => void): Promise<void> {
    const running = (this.running = new AbortController());
    try {
      const blob = await this.fetchPicture(key, running.signal);
      if (!running.signal.aborted) this.use(key, this.urls.createObjectURL(blob), show);
    } catch (error) {
      // no picture is no fault of the timeline: where there is none the API says 404, and the time is shown without it
      if (!running.signal.aborted) show(null);
      if (!(error instanceof Error)) throw error;
    }
  }

  /** Show one; it is the last to go now. */
  private use(key: number, url: string, show: (url: string | null) => void): void {
    this.kept.delete(key);
    this.kept.set(key, url);
    for (const [oldest, gone] of this.kept) {
      if (this.kept.size <= MOST) break;
      this.kept.delete(oldest);
      this.urls.revokeObjectURL(gone);
    }
    show(url);
  }
}
