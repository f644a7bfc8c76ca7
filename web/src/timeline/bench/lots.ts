/** Numbers that look drawn by lot, the same every time: for tests that try many cases. */

/** Draws from [0, 1). */
export function lots(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296) / 4_294_967_296;
}
