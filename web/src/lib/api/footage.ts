/** What is recorded of a camera: ranges, days, activity, pictures, playlists, files. */

import { address, ask, ofMedia } from "./request";

export interface Span { start_ms: number; end_ms: number }
export interface Gap extends Span { reason: string }
export interface Hold { kind: "episode" | "lock" | "export"; id: string }
export interface Protected extends Span { holds: Hold[] }
export interface Ranges { recorded: Span[]; protected: Protected[]; gaps: Gap[] }
export interface Day { day: string; recorded_ms: number; episodes: number }
export interface Activity { from_ms: number; step_ms: number; recorded_ms: number[]; episodes: number[] }

const window_ = (from: number, to: number) => ({ from_ms: Math.floor(from), to_ms: Math.ceil(to) });

export const ranges = (media: string, from: number, to: number, signal?: AbortSignal): Promise<Ranges> =>
  ask(ofMedia(media, "ranges"), { query: window_(from, to), signal });

export const days = async (media: string, signal?: AbortSignal): Promise<Day[]> =>
  (await ask<{ days: Day[] }>(ofMedia(media, "days"), { signal })).days;

export const activity = (media: string, from: number, to: number, step: number, signal?: AbortSignal): Promise<Activity> =>
  ask(ofMedia(media, "activity"), { query: { ...window_(from, to), step_ms: step }, signal });

/** Why one moment is kept, gone or was never there. */
export interface Reason { kind: string; text: string; link?: string; [more: string]: unknown }
export interface Explained { media: string; at_ms: number; state: "kept" | "gone" | "never"; because: Reason[]; as_of_ms: number | null }

export const explain = (media: string, at: number, signal?: AbortSignal): Promise<Explained> =>
  ask(ofMedia(media, "explain"), { query: { at_ms: Math.round(at) }, signal });

/** Addresses, for players, images and downloads. */
export const archivePlaylist = (media: string, from: number, to: number): string =>
  address(ofMedia(media, "archive.m3u8"), window_(from, to));
export const livePlaylist = (media: string): string => address(ofMedia(media, "live.m3u8"));
export const pictureAt = (media: string, at: number, width: number): string =>
  address(ofMedia(media, "preview.jpg"), { at_ms: Math.round(at), width });
export const fileOf = (media: string, from: number, to: number, gaps: "keep" | "skip" = "keep"): string =>
  address(ofMedia(media, "archive.mp4"), { ...window_(from, to), gaps });
