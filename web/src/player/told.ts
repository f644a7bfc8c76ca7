/** What hls.js tells, in our words. */

import type { ErrorData } from "hls.js";
import type { Broken } from "./failure";
import Hls from "./library";

/** After these the element has to be filled anew. */
const STUMBLES = new Set<string>([Hls.ErrorDetails.BUFFER_APPEND_ERROR, Hls.ErrorDetails.MEDIA_SOURCE_REQUIRES_RESET]);
const SHORT_S = 0.001;

/** An error as its remedy depends on it. */
export const brokenBy = ({ type, details, response }: ErrorData): Omit<Broken, "isLive"> => ({
  isMedia: type === Hls.ErrorTypes.MEDIA_ERROR, isNetwork: type === Hls.ErrorTypes.NETWORK_ERROR, details, status: response?.code,
});

/** Whether the element plays no more, though hls.js would try again. What it wanted to put into a buffer that is gone by then breaks nothing. */
export const isStumble = ({ details, error }: ErrorData): boolean => STUMBLES.has(details) && error.name !== "HlsJsTrackRemovedError";

/** When the segment begins that an error is about, UTC ms; null where it is about none: nothing can be put into an element that broke before. */
export const namedBy = ({ error, frag }: ErrorData): number | null => (error.name === "InvalidStateError" ? null : (frag?.programDateTime ?? null));

/** Where a moment lies by what the playlist says, s; null where that is not known. */
export function roughly(hls: Hls, ms: number): number | null {
  const fragments = hls.latestLevelDetails?.fragments ?? [];
  const found = fragments.findLast((one) => one.programDateTime !== null && one.programDateTime <= ms);
  return found ? found.start + Math.min((ms - found.programDateTime!) / 1000, found.duration - SHORT_S) : null;
}
