/** What a server that is away is asked, it is asked again. */

import { Problem, isAborted } from "../lib/api/request";
import { pause } from "../lib/pause";

export const RETRY_MS = 3000;

/** Whether it may answer later. */
export const isAway = ({ status }: Problem): boolean => status === 0 || status >= 500;

/** Do it, and again while the server is away, until it is given up. `told`: every problem, also the one that ends it. */
export async function patiently(run: (signal: AbortSignal) => Promise<void>, signal: AbortSignal, told: (problem: Problem) => void): Promise<void> {
  while (!signal.aborted) {
    try {
      return await run(signal);
    } catch (error) {
      if (isAborted(error) || signal.aborted) return;
      if (!(error instanceof Problem)) throw error;
      told(error);
      if (!isAway(error)) return;
      await pause(RETRY_MS, signal);
    }
  }
}
