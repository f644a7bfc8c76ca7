/** Asks the API for windows of a camera's archive. */

import { archivePlaylist } from "../lib/api/footage";
import { Problem, send } from "../lib/api/request";
import type { Fetching } from "./reel";

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
