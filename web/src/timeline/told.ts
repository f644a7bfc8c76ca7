/** What there is at a moment, in words: for the hint at the pointer and for those who do not see the canvas. */

import { nameOf } from "./content";
import type { There } from "./model";
import { t, wordOf } from "./words";

/** So many episodes are named. */
const NAMED = 4;
const HOLDS = { episode: "holdEpisode", lock: "holdLock", export: "holdExport" } as const;

/** One line each: whether it is recorded or why not, the episodes, what keeps it, why and when it goes. */
export function linesOf(there: There, now: number, when: (ms: number) => string): string[] {
  const lines = [there.recorded ? t.recorded : there.at >= now ? t.future : there.gap ? wordOf(there.gap.reason) : t.notRecorded];
  if (there.count) lines.push(t.episodes(there.count));
  const names = [...new Set(there.marks.map(nameOf))];
  lines.push(...names.slice(0, NAMED));
  if (names.length > NAMED) lines.push(t.and(names.length - NAMED));
  const holds = new Set(there.holds.flatMap((one) => one.holds.map((hold) => t[HOLDS[hold.kind]])));
  if (there.holds.length) lines.push(t.protectedBy([...holds].join(", ")));
  lines.push(...there.expirations.map((one) => t.expires(wordOf(one.reason), when(one.delete_after_ms))));
  return lines;
}
