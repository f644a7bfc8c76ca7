/** An export on its way: it goes on while something else is watched. */

import { hasBearer } from "../../lib/api/credentials";
import { type Span, fileOf } from "../../lib/api/footage";
import { isAborted } from "../../lib/api/request";
import { HOUR, bytes } from "../../lib/times";
import { toasts } from "../../lib/toasts.svelte";
import type { Progress } from "./download";
import { t } from "./words";

/** Longer exports are left to the browser, which needs no second copy on the disk. */
const LONG_MS = 3 * HOUR;

export const isLong = ({ start_ms, end_ms }: Span): boolean => end_ms - start_ms > LONG_MS && !hasBearer();

export class Exporting {
  /** Null: nothing is exported. */
  progress = $state.raw<Progress | null>(null);
  #running: AbortController | null = null;

  /** Export a stretch, and tell how that ended. True: a file was given. */
  async run(media: string, span: Span, gaps: "keep" | "skip"): Promise<boolean> {
    const { byBrowser, download } = await import("./download");
    const address = fileOf(media, span.start_ms, span.end_ms, gaps);
    if (isLong(span)) {
      byBrowser(address);
      toasts.info(t.byBrowser);
      return true;
    }
    const { signal } = (this.#running = new AbortController());
    let now: Progress = (this.progress = { bytes: 0, share: null });
    try {
      const isDone = await download(address, span.end_ms - span.start_ms, (next) => (now = this.progress = next), signal);
      toasts.good(isDone ? t.exported(bytes(now.bytes)) : t.byBrowser);
      return true;
    } catch (error) {
      if (!isAborted(error) && (error instanceof TypeError || error instanceof DOMException)) toasts.bad(t.brokenOff);
      else toasts.failed(error);
      return false;
    } finally {
      this.progress = this.#running = null;
    }
  }

  stop(): void {
    this.#running?.abort();
  }
}
