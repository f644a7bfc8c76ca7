/** The order of cameras by what they keep. */

import type { Kept } from "../../lib/api/keeping";

export const columns = ["media", "stored_bytes", "saving", "continuous_ms", "oldest_protected_ms", "waiting_bytes"] as const;
export type Column = (typeof columns)[number];

/** By a column; what has no value stands last whichever way, and equal ones stand by name. */
export function sorted(media: readonly Kept[], by: Column, isUp: boolean): Kept[] {
  const way = isUp ? 1 : -1;
  return [...media].sort((a, b) => {
    const [left, right] = [a[by], b[by]];
    if (left === null || right === null) return Number(left === null) - Number(right === null) || a.media.localeCompare(b.media);
    const order = typeof left === "string" ? left.localeCompare(String(right)) : left - Number(right);
    return way * order || a.media.localeCompare(b.media);
  });
}
