/** Cameras: `/media`. */

import { all, ask, ofMedia, type Query } from "./request";

export type Status = "recording" | "lost" | "never";
export type Right = "live" | "archive" | "export" | "protect" | "configure";
export type May = Record<Right, boolean> & { archive_depth_ms?: number | null };

export interface Zone { name: string; polygon: [number, number][]; mask?: boolean }
export interface Protect { enabled: boolean; types: string[]; before_ms: number; after_ms: number }

/** A camera as it is answered; secrets in it are `***` and may be sent back so. */
export interface Camera {
  media: string; title: string; source: string; enabled: boolean; audio: "keep" | "drop";
  depth_ms: number | null; keep_ms: number | null; quota_bytes: number | null;
  catch: string[]; labels: string[]; mail_login: string; mail_password: string; mail_aliases: string[]; time_zone: string;
  motion: Record<string, unknown>; protect: Protect;
  groups?: string[]; folder?: string; may?: May;
  configured_ms: number | null; changed_by: string; last_ms: number | null; status: Status;
}

export interface Imported { created: number; updated: number }

/** Every camera by name, page after page. */
export const cameras = (query: Query = {}, signal?: AbortSignal): Promise<Camera[]> =>
  all<Camera>("/media", "media", { limit: 1000, ...query }, signal);

export const camera = (media: string, signal?: AbortSignal): Promise<Camera> => ask(ofMedia(media), { signal });

/** Set the whole configuration; what is left out goes back to its default. */
export const putCamera = (media: string, body: Record<string, unknown>): Promise<Camera> =>
  ask(ofMedia(media), { method: "PUT", body });

export const deleteCamera = (media: string): Promise<void> => ask(ofMedia(media), { method: "DELETE" });

export const importCameras = (csv: string): Promise<Imported> =>
  ask("/media/import", { method: "POST", body: csv, type: "text/csv" });

/** What people call a camera. */
export const nameOf = (one: Pick<Camera, "media" | "title">): string => one.title || one.media;
