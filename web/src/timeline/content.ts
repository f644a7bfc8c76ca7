/** What the timeline shows, in the API's words: times in UTC ms, spans half-open, ids as text. */

import type { Episode as Whole } from "../lib/api/episodes";
import type { Gap, Protected, Span } from "../lib/api/footage";
import type { Expiration as Decision } from "../lib/api/keeping";

export type { Gap, Hold, Protected, Ranges, Span } from "../lib/api/footage";
export type Expiration = Pick<Decision, "expiration_id" | "start_ms" | "end_ms" | "reason" | "delete_after_ms">;

/** A window that somebody gave a meaning, such as that of a share; drawn as a bracket with its title. */
export interface Frame extends Span { title: string }

/** What the timeline needs of an episode. */
export type Episode = Pick<Whole, "episode_id" | "opened_at" | "updated_at" | "closed_at" | "started_at" | "episode_type" | "title" | "originator">;

/** Who made an episode, as far as it has a lane of its own. */
export const ORIGINS = ["motion", "alarm", "analytics", "person"] as const;
export type Origin = (typeof ORIGINS)[number];

/** What may keep a stretch, what matters most first: a piece that several keep looks like the first of them. */
export const HOLDS = ["lock", "export", "episode"] as const;
export type HoldKind = (typeof HOLDS)[number];

/** One episode on its lane; never shorter than 1 ms, so that it always covers something. */
export interface Mark extends Span { id: string; origin: Origin; type: string; title: string; open: boolean }

/** Episodes opened per step, where they are too many to be told one by one. */
export interface Counts extends Span { step_ms: number; episodes: readonly number[] }

/** Everything known of one camera in the part of its archive that is looked at. */
export interface Content {
  recorded: readonly Span[]; gaps: readonly Gap[]; protected: readonly Protected[];
  expirations: readonly Expiration[]; marks: readonly Mark[]; counts: readonly Counts[];
}

export const NOTHING: Content = { recorded: [], gaps: [], protected: [], expirations: [], marks: [], counts: [] };

const LANES: Record<string, Origin> = { motion_detector: "motion", alarm: "alarm", person: "person" };

/** The lane of a source; whatever is not ours is analytics. */
export const originOf = (source: string | undefined): Origin => LANES[source ?? ""] ?? "analytics";

/** An episode's mark; one that is open reaches as far as its source last told. */
export function markOf(one: Episode): Mark {
  const start_ms = one.started_at ?? one.opened_at;
  return {
    id: one.episode_id, origin: originOf(one.originator?.source), type: one.episode_type, title: one.title ?? "",
    start_ms, end_ms: Math.max(one.closed_at ?? one.updated_at, start_ms + 1), open: one.closed_at === null,
  };
}

/** What to call a mark: its title, and its type where that says more. */
export const nameOf = (mark: Mark): string => mark.title ? (mark.type === "generic" ? mark.title : `${mark.title} · ${mark.type}`) : mark.type;
