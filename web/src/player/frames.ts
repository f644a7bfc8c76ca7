/** Which frame is shown when: the true time of every frame that was loaded, and where it lies on the player's time line. */

/** Frames without a hole between them: `start_ms` is when the first was taken, `times` where the player shows each, s. */
export interface Piece { start_ms: number; times: readonly number[]; keys: readonly number[] }

const MOST_PIECES = 2000;
/** Rounding of players and containers, s. */
const CLOSE = 0.0005;

export class Frames {
  #pieces: Piece[] = [];

  /** Take in a piece; one that lies at the same place of the player's time line is replaced. */
  add(piece: Piece): void {
    const first = piece.times[0];
    if (first === undefined) return;
    const last = piece.times.at(-1)!;
    const kept = this.#pieces.filter((one) => one.times.at(-1)! < first - CLOSE || one.times[0]! > last + CLOSE);
    const at = kept.findIndex((one) => one.times[0]! > first);
    kept.splice(at < 0 ? kept.length : at, 0, piece);
    this.#pieces = kept.slice(-MOST_PIECES);
  }

  clear(): void {
    this.#pieces = [];
  }

  /** When the frame was taken that is shown at a place, UTC ms; null where nothing is known of it. */
  msAt(place: number): number | null {
    const found = this.#shown(place);
    return found && found.piece.start_ms + (found.piece.times[found.index]! - found.piece.times[0]!) * 1000;
  }

  /** A place inside the frame that was the picture at a moment, in its middle; null where that is not loaded. */
  placeOf(ms: number): number | null {
    let last: number | null = null;
    for (const piece of this.#pieces) {
      const place = piece.times[0]! + (ms - piece.start_ms) / 1000;
      const index = lastAtOrBefore(piece.times, place + CLOSE);
      if (index < 0 || place >= endOf(piece)) continue;
      last = middle(piece, index);
      // On the very border it is a frame of the next piece, where there is one.
      if (place < endOf(piece) - CLOSE) return last;
    }
    return last;
  }

  /** A place inside the frame after (1) or before (-1) the one that is shown; null where that is not loaded. */
  beside(place: number, by: 1 | -1): number | null {
    const found = this.#shown(place);
    if (!found) return null;
    const { piece, index } = found;
    if (piece.times[index + by] !== undefined) return middle(piece, index + by);
    const next = this.#pieces[this.#pieces.indexOf(piece) + by];
    if (!next || !this.#touches(by > 0 ? piece : next, by > 0 ? next : piece)) return null;
    return middle(next, by > 0 ? 0 : next.times.length - 1);
  }

  /** The key frame at or after a place; null where none is loaded. */
  keyFrom(place: number): number | null {
    for (const piece of this.#pieces) {
      const index = piece.keys.find((one) => piece.times[one]! >= place);
      if (index !== undefined) return middle(piece, index);
    }
    return null;
  }

  #shown(place: number): { piece: Piece; index: number } | null {
    const piece = this.#pieces.findLast((one) => one.times[0]! <= place + CLOSE);
    if (!piece || place > endOf(piece) + 1) return null;
    return { piece, index: lastAtOrBefore(piece.times, place + CLOSE) };
  }

  /** Whether the player goes from one piece to the other without one between them that was not loaded. */
  #touches(one: Piece, other: Piece): boolean {
    return other.times[0]! - endOf(one) < 0.25;
  }
}

/** Where a piece ends: its last frame is shown as long as the one before it. */
function endOf(piece: Piece): number {
  return piece.times.at(-1)! + lengthAt(piece, piece.times.length - 1);
}

function lengthAt(piece: Piece, index: number): number {
  const [at, next, before] = [piece.times[index]!, piece.times[index + 1], piece.times[index - 1]];
  return next !== undefined ? next - at : before !== undefined ? at - before : 0.04;
}

/** Half way through a frame, but not far in: no rounding leads out of it, and clocks that are asked tell its time. */
const middle = (piece: Piece, index: number): number => piece.times[index]! + Math.min(lengthAt(piece, index) / 2, 0.02);

function lastAtOrBefore(times: readonly number[], place: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const half = (low + high) >> 1;
    if (times[half]! <= place) low = half + 1;
    else high = half;
  }
  return low - 1;
}
