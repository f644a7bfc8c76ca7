/** The pictures of an episode that go by while it is pointed at. */

import { type Episode, spanOf } from "../../lib/api/episodes";
import { SECOND } from "../../lib/times";

const MOST = 8;
const AROUND_MS = SECOND;

/** Moments from a little before it to a little behind it, a second apart at least. */
export function momentsOf(one: Episode): number[] {
  const { start_ms, end_ms } = spanOf(one);
  const [from, to] = [start_ms - AROUND_MS, end_ms + AROUND_MS];
  const count = Math.min(MOST, Math.floor((to - from) / SECOND) + 1);
  return Array.from({ length: count }, (_, at) => Math.round(from + ((to - from) * at) / (count - 1)));
}
