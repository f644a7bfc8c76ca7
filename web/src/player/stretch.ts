/** What one decoder plays without being begun anew: browsers cannot go on from sound and picture to picture alone, nor to another codec. */

import type { Entry } from "./playlist";
import type { Reel } from "./reel";

/** Segments of one kind, one after the other; whole, once it is known where they end. */
export interface Stretch { entries: Entry[]; isWhole: boolean }

/** The stretch around a moment; of a hole, the one before it. */
export function stretchAt({ entries, isWhole }: Pick<Reel, "entries" | "isWhole">, ms: number): Stretch {
  const at = Math.max(0, entries.findLastIndex((one) => one.start_ms <= ms));
  const isOther = (one: Entry): boolean => one.kind !== entries[at]?.kind;
  const first = entries.slice(0, at).findLastIndex(isOther) + 1;
  const length = entries.slice(at).findIndex(isOther);
  return { entries: entries.slice(first, length < 0 ? undefined : at + length), isWhole: isWhole || length >= 0 };
}
