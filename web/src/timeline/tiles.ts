/** The archive cut into tiles: four of a level make one of the next, so that what is known of a tile is known of all below it. */

import type { Span } from "./content";
import type { View } from "./view";

const FINEST_MS = 600_000;
const FACTOR = 4;
/** The coarsest tiles are 113 days long: longer than any view. */
const COARSEST = 7;

export interface Tile { level: number; index: number }

export const tileMs = (level: number): number => FINEST_MS * FACTOR ** level;
export const keyOf = (tile: Tile): string => `${tile.level}/${tile.index}`;

export function spanOf({ level, index }: Tile): Span {
  const length = tileMs(level);
  return { start_ms: index * length, end_ms: (index + 1) * length };
}

/** The finest level whose tiles are no shorter than a view. */
export function levelOf(view: View): number {
  let level = 0;
  while (level < COARSEST && tileMs(level) < view.to - view.from) level += 1;
  return level;
}

/** The tiles that cover a view and half of it on both sides: three at most. What lies before 1970 has none. */
export function tilesOf(view: View): Tile[] {
  const level = levelOf(view);
  const margin = (view.to - view.from) / 2;
  const first = Math.max(Math.floor((view.from - margin) / tileMs(level)), 0);
  const last = Math.floor((view.to + margin) / tileMs(level));
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) => ({ level, index: first + index }));
}

/** The tile itself, then the one it is part of, up to the coarsest. */
export function withAncestors(tile: Tile): Tile[] {
  const found = [tile];
  for (let { level, index } = tile; level < COARSEST;) {
    level += 1;
    index = Math.floor(index / FACTOR);
    found.push({ level, index });
  }
  return found;
}

/** The four that make a tile; none below the finest. */
export function children({ level, index }: Tile): Tile[] {
  if (level === 0) return [];
  return Array.from({ length: FACTOR }, (_, part) => ({ level: level - 1, index: index * FACTOR + part }));
}
