/** Which rows of a long list are drawn: those in sight, and some around them. */

export interface Window { first: number; last: number; top: number; height: number }

/** Rows `first`…`last` (half-open), drawn `top` pixels down a list that is `height` pixels high. */
export function windowOf(count: number, row: number, scrolled: number, seen: number, spare = 6): Window {
  const first = Math.max(0, Math.min(Math.floor(scrolled / row) - spare, count));
  const last = Math.min(count, Math.ceil((scrolled + seen) / row) + spare);
  return { first, last: Math.max(first, last), top: first * row, height: count * row };
}

/** How far to scroll so that row `index` is in sight; as little as needed. */
export function scrollTo(index: number, row: number, scrolled: number, seen: number): number {
  const top = index * row;
  if (top < scrolled) return top;
  return top + row > scrolled + seen ? top + row - seen : scrolled;
}
