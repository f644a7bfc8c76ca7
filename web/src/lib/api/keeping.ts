/** What is kept and what goes: locks, expirations, retention. */

import { linesOf } from "../ndjson";
import { Problem, ask, ofMedia, send, type Query } from "./request";

export interface Receipt { from_ms: number; to_ms: number; status: "covered" | "partial" | "gone"; because: string }
export interface Lock {
  lock_id: string; media: string; from_ms: number; to_ms: number; reason: string; until_ms: number | null;
  requested_ms: number; requested_by: string; released_ms: number | null; released_by: string;
  state: "requested" | "held" | "ended" | "released"; receipt?: Receipt[];
}

export const addLock = (media: string, body: { from_ms: number; to_ms: number; reason: string; until_ms?: number | null }): Promise<{ lock_id: string; receipt: Receipt[]; note?: string }> =>
  ask(ofMedia(media, "locks"), { method: "POST", body });
/** Locks of every camera that may be looked at, those asked for last first, also those that ended. */
export const locks = (query: Query, signal?: AbortSignal): Promise<{ locks: Lock[]; next: string | null }> => ask("/locks", { query, signal });
export const releaseLock = (id: string): Promise<void> => ask(`/locks/${id}`, { method: "DELETE" });

export interface Expiration {
  expiration_id: string; media: string; start_ms: number; end_ms: number; state: "expired" | "restored" | "ordered";
  reason: "depth" | "keep" | "room" | "quota" | "hard_cap"; size_bytes: number; segments: number; expired_ms: number;
  delete_after_ms: number; requested_ms: number | null; restored_ms: number | null; ordered_ms: number | null;
}

export const expirations = (query: Query, signal?: AbortSignal): Promise<{ expirations: Expiration[]; next: string | null; as_of_ms: number | null }> =>
  ask("/expirations", { query, signal });
/** `requested`: the answer did not come in time. */
export type TakenBack = Omit<Expiration, "state"> & { state: Expiration["state"] | "requested" };
export const restore = (one: Pick<Expiration, "expiration_id" | "media">): Promise<TakenBack> =>
  ask(`/expirations/${one.expiration_id}/restore`, { method: "POST", query: { media: one.media } });

export interface Kept {
  media: string; continuous_ms: number | null; oldest_ms: number | null; oldest_protected_ms: number | null; newest_ms: number | null;
  stored_bytes: number; recorded_bytes: number; plain_bytes: number; saving: number | null; locked_bytes: number;
  waiting_expirations: number; waiting_bytes: number;
}
export interface Forecast {
  store: string; level: number; used_bytes: number; capacity_bytes: number; measured_ms: number; stored_bytes: number;
  freed_bytes: number; over_ms: number; bytes_per_day: number | null; high_ms: number | null; full_ms: number | null;
  state: "filling" | "steady" | "over" | "unknown"; because: string;
}
export interface Report { from_ms: number; to_ms: number; total: Kept; media: Kept[]; forecast: Forecast[] }

export const report = (query: Query = {}, signal?: AbortSignal): Promise<Report> => ask("/retention/report", { query, signal });

/** A policy to be tried; what is left out is as each camera has it. `null`: without that limit. */
export interface WhatIfBody { depth_ms?: number; keep_ms?: number | null; quota_bytes?: number | null; capacity_bytes?: number; media?: string[]; limit?: number }
export interface WouldKeep extends Omit<Kept, "recorded_bytes" | "newest_ms" | "waiting_expirations" | "waiting_bytes"> {
  kept_bytes: number; continuous_bytes: number; protected_bytes: number;
}
export interface Going { media: string; start_ms: number; end_ms: number; reason: Expiration["reason"]; size_bytes: number; goes_ms: number }
export interface WhatIf {
  from_ms: number; to_ms: number; room: { source: "asked" | "measured" | "unlimited"; capacity_bytes: number | null; other_bytes: number };
  total: WouldKeep; going_bytes: number; going: Going[]; media: WouldKeep[];
}

/** What another policy would have kept; `told` hears how many cameras of all are done. */
export async function whatIf(body: WhatIfBody, told: (done: number, cameras: number) => void, signal: AbortSignal): Promise<WhatIf> {
  const answer = await send("/retention/what-if", { method: "POST", body, signal, accept: "application/x-ndjson" });
  for await (const line of linesOf(answer)) {
    const progress = line.progress as { done: number; cameras: number } | undefined;
    if (progress) told(progress.done, progress.cameras);
    if (line.answer) return line.answer as WhatIf;
  }
  throw new Problem(0, "cut-off", "The answer ended before it was whole");
}
