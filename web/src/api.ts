/** The API as this page uses it. Every call throws Problem. */

import { token } from "./session";

export type Status = "recording" | "lost" | "never";
export interface Camera { media: string; title: string; status: Status; last_ms: number | null; enabled: boolean }
export interface Span { start_ms: number; end_ms: number }
export interface Gap extends Span { reason: string }
export interface Ranges { recorded: Span[]; protected: Span[]; gaps: Gap[] }

/** One mark. Its id has 64 bits: text, never a number. */
export interface Episode {
  episode_id: string; media: string; opened_at: number; updated_at: number; closed_at: number | null;
  started_at?: number; episode_type: string; title?: string; recording_status: "full" | "partial" | "none";
}

/** An answer that is not a success; `status` 0: the server did not answer. */
export class Problem extends Error {
  constructor(readonly status: number, detail: string) {
    super(detail);
  }
}

export const pathOf = (media: string, rest: string): string => `/api/v1/media/${encodeURIComponent(media)}/${rest}`;
export const authorization = (): string => `Bearer ${token() ?? ""}`;

async function get(path: string, signal?: AbortSignal): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, { headers: { Authorization: authorization() }, ...(signal && { signal }) });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0, "The server does not answer");
  }
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => null) as { detail?: string } | null;
  throw new Problem(answer.status, told?.detail ?? answer.statusText);
}

/** Every camera by name, page after page. */
export async function cameras(): Promise<Camera[]> {
  const found: Camera[] = [];
  let cursor = "";
  do {
    const page = await (await get(`/api/v1/media?limit=1000&cursor=${cursor}`)).json() as { media: Camera[]; next: string | null };
    found.push(...page.media);
    cursor = page.next ?? "";
  } while (cursor);
  return found;
}

export async function ranges(media: string, from: number, to: number, signal: AbortSignal): Promise<Ranges> {
  const path = pathOf(media, `ranges?from_ms=${Math.floor(from)}&to_ms=${Math.ceil(to)}`);
  return await (await get(path, signal)).json() as Ranges;
}

/** The latest marks that reach into a window. */
export async function episodes(media: string, from: number, to: number, signal: AbortSignal): Promise<Episode[]> {
  const query = new URLSearchParams({ media, limit: "500", overlaps_from: `${Math.floor(from)}`, overlaps_to: `${Math.ceil(to)}` });
  return (await (await get(`/api/v1/episodes?${query}`, signal)).json() as { episodes: Episode[] }).episodes;
}

export async function blob(path: string, signal?: AbortSignal): Promise<Blob> {
  return await (await get(path, signal)).blob();
}
