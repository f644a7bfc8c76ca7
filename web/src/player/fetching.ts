/** Asks the API for windows of a camera's archive. */

import { authorization } from "../lib/api/credentials";
import { archivePlaylist, ranges } from "../lib/api/footage";
import { Problem, send } from "../lib/api/request";
import { DAY, HOUR } from "../lib/times";
import type { Bounds, Fetching } from "./reel";

/** Older footage is not looked for step by step. */
const MOST_MS = 4000 * DAY;

/** Windows of one camera. Throws Problem where something else is wrong than that nothing is recorded. */
export const fetching = (media: string): Fetching => async (from, to, signal) => {
  try {
    return { text: await (await send(archivePlaylist(media, from, to), { signal, accept: "application/vnd.apple.mpegurl" })).text() };
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== "nothing-recorded") throw error;
    const near = (error.more.nearest ?? []) as { start_ms: number }[];
    return { next_ms: near.map((one) => one.start_ms).find((at) => at >= to - 1) ?? null };
  }
};

/** When the last footage before a moment ended; null: there is none. */
export async function lastBefore(media: string, at: number, bounds: Bounds): Promise<number | null> {
  for (let length = HOUR; ; length *= 12) {
    const from = Math.max(bounds.from_ms, 0, at - length);
    const found = (await ranges(media, from, at)).recorded.at(-1);
    if (found) return Math.min(found.end_ms, at);
    if (from <= bounds.from_ms || length > MOST_MS) return null;
  }
}

/** A share's key goes to our own API; objects carry their right in their address. */
export function ownOriginOnly(request: XMLHttpRequest, url: string): void {
  if (new URL(url, location.href).origin !== location.origin) return;
  for (const [name, value] of Object.entries(authorization())) request.setRequestHeader(name, value);
}
