/** What the archive's address says: the moment, the stretch in sight, the selection, what is left out, how fast, so that a link shows the same. */

import type { Span } from "../../lib/api/footage";
import type { Change } from "../../lib/router.svelte";
import { MINUTE } from "../../lib/times";
import { BY_KEY, SPEEDS } from "../../player/speeds";
import type { View } from "../../timeline/view";

export type Tab = "episodes" | "calendar" | "why";
/** What the list of episodes is asked for; empty: all. */
export interface Sought { q: string; origin: string; type: string }
/** `hidden`: what the legend has switched off. */
export interface Place {
  at: number | null; live: boolean; view: View | null; selection: Span | null; tab: Tab; hidden: readonly string[]; sought: Sought; rate: number;
}

const TABS: readonly string[] = ["episodes", "calendar", "why"];
const HALF_MS = 30 * MINUTE;

/** A link needs no more than `t`: then the hour around it is in sight. What is no number is as if it were not there. */
export function placeOf(query: URLSearchParams): Place {
  const at = ms(query.get("t"));
  const tab = query.get("tab");
  const selection = span(query.get("in"), query.get("out"));
  const around = at ?? selection?.start_ms ?? null;
  const seen = span(query.get("from"), query.get("to"));
  return {
    at: around, live: query.get("live") === "1", selection, tab: tab !== null && TABS.includes(tab) ? (tab as Tab) : "episodes",
    hidden: (query.get("hide") ?? "").split(",").filter(Boolean), sought: { q: query.get("q") ?? "", origin: query.get("origin") ?? "", type: query.get("type") ?? "" },
    rate: [...SPEEDS, ...Object.values(BY_KEY)].find((one) => String(one) === query.get("speed")) ?? 1,
    view: seen ? { from: seen.start_ms, to: seen.end_ms } : around === null ? null : { from: around - HALF_MS, to: around + HALF_MS },
  };
}

/** What to put into the address. */
export function queryOf({ at, live, view, selection, tab, hidden, sought, rate }: Place): Change {
  return {
    t: live || at === null ? null : Math.round(at), live, from: view && Math.round(view.from), to: view && Math.round(view.to),
    in: selection && selection.start_ms, out: selection && selection.end_ms, tab: tab === "episodes" ? null : tab,
    hide: [...hidden].sort().join(), ...sought, speed: rate === 1 || live ? null : rate,
  };
}

function ms(text: string | null): number | null {
  const found = Number(text);
  return text && Number.isSafeInteger(found) && found >= 0 ? found : null;
}

function span(from: string | null, to: string | null): Span | null {
  const [start_ms, end_ms] = [ms(from), ms(to)];
  return start_ms !== null && end_ms !== null && start_ms < end_ms ? { start_ms, end_ms } : null;
}
