/** The audit trail: who did what. */

import { ask, type Query } from "./request";

/** What can be done, as the trail names it. */
export const actions = [
  "signed-in", "sign-in-refused", "signed-out", "viewed", "exported", "protected", "released", "restored", "shared", "marked", "deleted", "changed", "queried",
] as const;

export interface Action {
  action_id: string; at_ms: number; user: string; who: string; via: string; action: string; media: string; from_ms: number | null; to_ms: number | null;
  subject: string; detail: string; peer: string;
}

export const audit = (query: Query, signal?: AbortSignal): Promise<{ actions: Action[]; next: string | null }> => ask("/audit", { query, signal });
