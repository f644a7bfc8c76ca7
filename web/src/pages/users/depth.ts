/** How far back a group sees, as people type it. */

import { missing } from "../../lib/sending.svelte";
import { DAY, HOUR } from "../../lib/times";

export type DepthUnit = "all" | "hours" | "days";
export interface Typed { amount: number | null; unit: DepthUnit }

/** A depth as an amount of the largest unit that tells it whole; null is all of it. */
export function typed(depth_ms: number | null): Typed {
  if (depth_ms === null) return { amount: 1, unit: "all" };
  const isDays = depth_ms > 0 && depth_ms % DAY === 0;
  return { amount: isDays ? depth_ms / DAY : Math.round((depth_ms / HOUR) * 100) / 100, unit: isDays ? "days" : "hours" };
}

/** What was typed, in milliseconds; null: all of it. An hour at least. Throws Problem where no number was typed. */
export function depthOf({ amount, unit }: Typed): number | null {
  if (unit === "all") return null;
  if (amount === null) throw missing("archive_depth_ms");
  return Math.max(HOUR, Math.round(amount * (unit === "days" ? DAY : HOUR)));
}
