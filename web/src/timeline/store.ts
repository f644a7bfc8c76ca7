/** Tiles of one kind that were fetched: which of them to show for a part of the archive, and which are missing or old. */

import type { Span } from "./content";
import { type Tile, children, keyOf, spanOf, withAncestors } from "./tiles";

/** What was fetched for a tile. `whole` false: only an outline, so that a finer tile is worth fetching. */
export interface Kept<T> { tile: Tile; value: T; whole: boolean; fetched_ms: number }

/** A part of the archive and what is known of it. */
export interface Piece<T> extends Span { value: T }

/** So many tiles are remembered. */
const MOST = 96;

export class Store<T> {
  private readonly kept = new Map<string, Kept<T>>();

  keep(one: Kept<T>): void {
    const key = keyOf(one.tile);
    this.kept.delete(key);
    this.kept.set(key, one);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= MOST) break;
      this.kept.delete(oldest);
    }
  }

  /** All that is remembered. */
  all(): Iterable<Kept<T>> {
    return this.kept.values();
  }

  clear(): void {
    this.kept.clear();
  }

  /** What answers for a tile: itself, or a coarser one that is whole. */
  answer(tile: Tile): Kept<T> | undefined {
    const known = this.known(tile).filter((one) => one.whole);
    return newest(known) ?? this.kept.get(keyOf(tile));
  }

  /** What to show for a tile, without overlap: its answer, else a coarser outline, else what is known of its parts. */
  pieces(tile: Tile): Piece<T>[] {
    const span = spanOf(tile);
    const found = this.answer(tile) ?? this.known(tile)[0];
    if (found) return [{ ...span, value: found.value }];
    return this.hasParts(tile) ? children(tile).flatMap((one) => this.pieces(one)) : [];
  }

  /** The tile and coarser ones around it, as far as they are remembered. */
  private known(tile: Tile): Kept<T>[] {
    return withAncestors(tile).map((one) => this.kept.get(keyOf(one))).filter((one) => one !== undefined);
  }

  private hasParts(tile: Tile): boolean {
    const { start_ms, end_ms } = spanOf(tile);
    for (const one of this.kept.values()) {
      const span = spanOf(one.tile);
      if (one.tile.level < tile.level && span.start_ms < end_ms && span.end_ms > start_ms) return true;
    }
    return false;
  }
}

function newest<T>(kept: Kept<T>[]): Kept<T> | undefined {
  return kept.reduce<Kept<T> | undefined>((best, one) => best && best.fetched_ms >= one.fetched_ms ? best : one, undefined);
}
