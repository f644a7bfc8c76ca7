/** Episodes: marks on the archive, whoever made them. Ids have 64 bits: text, never numbers. */

import { address, ask, type Query } from "./request";
import type { Span } from "./footage";

export interface Episode {
  episode_id: string; media: string; opened_at: number; updated_at: number; closed_at: number | null;
  started_at?: number; episode_type: string; title?: string; labels?: string[]; originator?: { source?: string };
  recording_status: "full" | "partial" | "none"; version: number; accepted_at: number;
  preview_url?: string; frame_preview_url?: string; preview_dropped?: string; reviewed?: boolean; favourite?: boolean;
  [more: string]: unknown;
}

export interface EpisodePage { episodes: Episode[]; next: string | null; prev: string | null; estimated_count: number }

export const episodes = (query: Query, signal?: AbortSignal): Promise<EpisodePage> => ask("/episodes", { query, signal });

/** The latest marks that reach into a window of one camera. */
export const episodesIn = async (media: string, from: number, to: number, limit = 500, signal?: AbortSignal): Promise<Episode[]> =>
  (await episodes({ media, limit, overlaps_from: Math.floor(from), overlaps_to: Math.ceil(to) }, signal)).episodes;

export const episode = (id: string, media: string, signal?: AbortSignal): Promise<Episode> =>
  ask(`/episodes/${id}`, { query: { media }, signal });

/** The caller's own word; what is left out stays as it is. */
export const review = (one: Pick<Episode, "episode_id" | "media">, body: { reviewed?: boolean; favourite?: boolean }): Promise<void> =>
  ask(`/episodes/${one.episode_id}/review`, { method: "PUT", body: { media: one.media, ...body } });

/** An episode that a person makes; its id is drawn here, 63 bits. */
export const saveEpisode = (record: { media: string; opened_at: number; updated_at: number } & Record<string, unknown>): Promise<{ episode_id: string }> => {
  const episode_id = (crypto.getRandomValues(new BigUint64Array(1))[0]! >> 1n).toString();
  return ask(`/episodes/${episode_id}`, { method: "PUT", body: { episode_id, ...record } });
};

export const clipOf = (one: Pick<Episode, "episode_id" | "media">, pre_ms = 5000, post_ms = 5000): string =>
  address(`/episodes/${one.episode_id}/clip.mp4`, { media: one.media, pre_ms, post_ms });

export const startOf = (one: Episode): number => one.started_at ?? one.opened_at;

/** Where an episode lies; one that is open reaches as far as its last news. */
export const spanOf = (one: Episode): Span => ({
  start_ms: startOf(one),
  end_ms: Math.max(one.closed_at ?? one.updated_at, startOf(one)),
});

/** What to call an episode: its title and its type. */
export const titleOf = (one: Pick<Episode, "title" | "episode_type">): string =>
  [one.title, one.episode_type === "generic" && one.title ? "" : one.episode_type].filter(Boolean).join(" · ");
