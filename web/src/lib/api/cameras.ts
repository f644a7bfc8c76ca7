/** Cameras: `/media`. */

import { all, ask, ofMedia, type Query } from "./request";

export type Status = "recording" | "lost" | "never";
export type Right = "live" | "archive" | "export" | "protect" | "configure";
export type May = Record<Right, boolean> & { archive_depth_ms?: number | null };

/** Points are shares of the picture's width and height, from its upper left corner. */
export interface Zone { name: string; polygon: [number, number][]; kind: "watch" | "mask"; sensitivity?: number | null; min_area?: number | null }
export interface Hours { days: string[]; starts: string; ends: string }
export interface Motion {
  enabled: boolean; profile: "coarse" | "standard" | "thorough"; detector: string; sensitivity: number; min_area: number; min_ms: number;
  join_ms: number; zones: Zone[]; schedule: Hours[];
}
export interface Protect { enabled: boolean; types: string[]; before_ms: number; after_ms: number }

/** Motion is not sought. */
export const noMotion: Motion = {
  enabled: false, profile: "standard", detector: "cascade@1", sensitivity: 50, min_area: 0.001, min_ms: 0, join_ms: 3000, zones: [], schedule: [],
};

/** A camera as it is answered to everybody who may know of it, but for links. */
export interface Camera {
  media: string; title: string; enabled: boolean; depth_ms: number | null; keep_ms: number | null; labels: string[]; time_zone: string;
  groups?: string[]; folder?: string; may?: May; last_ms: number | null; status: Status;
}

/** The same to who may configure it, and to admins; secrets in it are `***` and may be sent back so. */
export interface Configured extends Camera {
  source: string | null; audio: "keep" | "drop"; quota_bytes: number | null; catch: string[];
  mail_login: string; mail_password: string; mail_aliases: string[]; motion: Motion; protect: Protect;
  configured_ms: number | null; changed_by: string;
}

/** True where the answer has the settings. */
export const isConfigured = (one: Camera): one is Configured => "source" in one;

export interface Imported { created: number; updated: number }

/** Every camera by name, page after page. */
export const cameras = (query: Query = {}, signal?: AbortSignal): Promise<Camera[]> =>
  all<Camera>("/media", "media", { limit: 1000, ...query }, signal);

/** What an answer holds of what can be set; secrets stay as they were answered, and so as they are. */
export function bodyOf(one: Configured): Record<string, unknown> {
  const { media: _media, may: _may, configured_ms: _at, changed_by: _by, last_ms: _last, status: _status, ...settable } = one;
  return settable;
}

export const camera = (media: string, signal?: AbortSignal): Promise<Camera> => ask(ofMedia(media), { signal });

/** Set the whole configuration; what is left out goes back to its default. `isNew`: unless there is one of that name. */
export const putCamera = (media: string, body: Record<string, unknown>, isNew = false): Promise<Camera> =>
  ask(ofMedia(media), { method: "PUT", body, isNew });

export const deleteCamera = (media: string): Promise<void> => ask(ofMedia(media), { method: "DELETE" });

export const importCameras = (csv: string): Promise<Imported> =>
  ask("/media/import", { method: "POST", body: csv, type: "text/csv" });

/** What people call a camera. */
export const nameOf = (one: Pick<Camera, "media" | "title">): string => one.title || one.media;
