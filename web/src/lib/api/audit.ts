/** The audit trail: who did what. */

import { ask, type Query } from "./request";

export interface Action {
  action_id: string; at_ms: number; user: string; who: string; via: string; action: string; media: string; from_ms: number | null; to_ms: number | null;
  subject: string; detail: string; peer: string;
}

export const audit = (query: Query, signal?: AbortSignal): Promise<{ actions: Action[]; next: string | null }> => ask("/audit", { query, signal });
