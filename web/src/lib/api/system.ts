/** What operators look at: letters, reprocess runs, mails of cameras, SQL, the parts. */

import type { Forecast } from "./keeping";
import { all, ask, ofMedia, type Query } from "./request";

export interface Letter {
  place: string; consumer: string; topic: string; partition: number; offset: number; key: string; value: string | null;
  size_bytes: number; error: string; reason: string; failed_ms: number; code_version: string; mail_url?: string;
}
export const letters = (query: Query = {}, signal?: AbortSignal): Promise<{ letters: Letter[]; next: string | null }> =>
  ask("/dead-letters", { query, signal });
export const redrive = (body: { places: string[] } | Record<string, unknown>): Promise<{ redriven: number }> =>
  ask("/dead-letters/redrive", { method: "POST", body });

/** `media` empty: every camera. */
export interface Run {
  run: string; state: "requested" | "running" | "done" | "promoting" | "promoted" | "dropped"; from_ms: number; to_ms: number;
  media: string[]; detector: string; evidence: "footage" | "looks"; settings: Record<string, unknown>;
  requested_ms: number; progress: { records: number; done: number; share: number };
  [more: string]: unknown;
}
export const runs = (): Promise<Run[]> => all<Run>("/reprocess", "runs");
export const addRun = (body: Record<string, unknown>): Promise<Run> => ask("/reprocess", { method: "POST", body });
export const promoteRun = (run: string): Promise<Run> => ask(`/reprocess/${encodeURIComponent(run)}/promote`, { method: "POST" });
export const dropRun = (run: string): Promise<void> => ask(`/reprocess/${encodeURIComponent(run)}`, { method: "DELETE" });

export interface MailPage {
  media: string; server: string; port: number | null; ports: Record<string, number>; encryption: string; login: string | null; password: string | null;
  sender: string; recipient: string; subject_words: string[]; test: string; notes: string[]; health: MailHealth | null;
}
export interface MailHealth {
  media: string; enabled: boolean; state: "ok" | "silent" | "never"; last_ms: number | null; silent_after_ms: number | null;
  mails_1h: number; mails_24h: number; mails_7d: number; login_refusals_24h: number; refusals_24h: number; letters_24h: number;
  last_letter: { place: string; reason: string; failed_ms: number } | null; skew_ms: number | null;
}
export const mailPage = (media: string, signal?: AbortSignal): Promise<MailPage> => ask(ofMedia(media, "smtp"), { signal });
export const mailHealth = (): Promise<MailHealth[]> => all<MailHealth>("/alarms/health", "cameras", { limit: 1000 });

export interface Rows { data: Record<string, unknown>[]; rows: number; truncated: boolean }
export const sql = (text: string, signal?: AbortSignal): Promise<Rows> => ask("/sql", { method: "POST", body: text, signal });

export interface Ready { status: string; checks: Record<string, string> }
/** 503 answers are news, too: what is wrong is in `checks`. */
export async function ready(): Promise<Ready> {
  return (await (await fetch("/readyz")).json()) as Ready;
}

/** What became of a test mail that was sent through our own listener; `says` in words, and what helps where it did not arrive. */
export interface MailTest {
  media: string; state: "arrived" | "refused" | "not-understood" | "not-in-time" | "unreachable"; says: string; steps: string[];
  alarm_id: string | null; kind: string | null; matched: string | null; letter: string | null; ms: number;
}
export const testMail = (media: string, signal?: AbortSignal): Promise<MailTest> =>
  ask(ofMedia(media, "smtp/test"), { method: "POST", signal });

export interface Part { name: string; about: string; is_well: boolean; since_ms: number | null; memory_bytes: number | null }
export interface Group { group: string; service: string; workers: number; records: number }
export interface Behind { projection: string; topic: string; records: number; watermark_ms: number | null; age_ms: number | null }
export interface CountedLetters { consumer: string; error: string; letters: number; last_ms: number }
export interface Rebuild { projection: string; generation: number; topic: string; facts: number; left: number }
export interface Warned { level: "warn" | "fail"; subject: string; what: string; advice: string }
/** Null: not known, because somebody did not answer; `as_of_ms` says when each was. */
export interface System {
  parts: Part[] | null; groups: Group[] | null; projections: Behind[] | null; letters: CountedLetters[] | null; rebuilds: Rebuild[] | null;
  runs: Run[] | null; stores: Forecast[] | null; warnings: Warned[] | null; versions: Record<string, string> | null; as_of_ms: Record<string, number | null>;
}
export const system = (signal?: AbortSignal): Promise<System> => ask("/system", { signal });
