/** Which episodes are shown: what the address says of it, and what the API is asked. */

import type { Camera } from "../../lib/api/cameras";
import { type Episode, titleOf } from "../../lib/api/episodes";
import type { Query } from "../../lib/api/request";
import type { Change } from "../../lib/router.svelte";
import { DAY, HOUR } from "../../lib/times";
import { ORIGINS, type Origin } from "../../timeline/content";

/** `from`, `to`: a window that was typed; `since`: the last hours or days, whenever the page is looked at. */
export interface Filters {
  cameras: readonly string[]; folder: string; group: string; type: string; origin: Origin | ""; label: string; q: string;
  since: Since | ""; from: number | null; to: number | null; unreviewed: boolean; favourite: boolean;
}

export const SINCE = { "1h": HOUR, "8h": 8 * HOUR, "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY } as const;
export type Since = keyof typeof SINCE;

const SOURCES: Readonly<Record<Origin, string>> = { motion: "motion_detector", alarm: "alarm", analytics: "api,inference", person: "person" };
/** As long as the API takes a list of cameras. */
const MOST_TEXT = 16_000;

export function filtersOf(query: URLSearchParams): Filters {
  const text = (name: string): string => query.get(name) ?? "";
  const [since, origin] = [text("since"), text("origin")];
  return {
    cameras: text("cameras").split(",").filter(Boolean), folder: text("folder"), group: text("group"), type: text("type"), label: text("label"), q: text("q"),
    origin: ORIGINS.find((one) => one === origin) ?? "", since: since in SINCE ? (since as Since) : "", from: ms(text("from")), to: ms(text("to")),
    unreviewed: text("unreviewed") === "1", favourite: text("favourite") === "1",
  };
}

/** What to put into the address for some of them. */
export const changeOf = ({ cameras, ...more }: Partial<Filters>): Change => ({ ...more, ...(cameras && { cameras: cameras.join(",") }) });

/** The address of everything. */
export const NOTHING_CHOSEN: Change = changeOf(filtersOf(new URLSearchParams()));

export const isFiltered = (filters: Filters): boolean => Object.values(changeOf(filters)).some((one) => one !== "" && one !== null && one !== false);

/** Names of the cameras that are meant, in their order; null: all of them. A folder holds what is in folders under it. */
export function camerasOf(filters: Filters, known: readonly Camera[]): string[] | null {
  const { cameras, folder, group } = filters;
  if (!cameras.length && !folder && !group) return null;
  const isInside = (one: Camera): boolean => !folder || one.folder === folder || (one.folder ?? "").startsWith(`${folder}/`);
  const found = known.filter((one) => isInside(one) && (!group || (one.groups ?? []).includes(group)) && (!cameras.length || cameras.includes(one.media)));
  return found.map((one) => one.media);
}

/** What the feed is asked: everything but time and what only lists know. */
export const followedBy = (filters: Filters, cameras: readonly string[] | null): Query => ({
  media: cameras?.join(","), episode_type: filters.type, source: filters.origin && SOURCES[filters.origin], label: filters.label, q: filters.q.trim(),
});

/** What the list is asked. */
export const askedBy = (filters: Filters, cameras: readonly string[] | null, now: number): Query => ({
  ...followedBy(filters, cameras), sort: "-opened_at",
  opened_at_gte: filters.since ? now - SINCE[filters.since] : filters.from, opened_at_lt: filters.since ? null : filters.to,
  reviewed: filters.unreviewed ? false : null, favourite: filters.favourite || null,
});

/** Whether the API takes a list of so many cameras. */
export const isTooMany = (cameras: readonly string[] | null): boolean => encodeURIComponent(cameras?.join(",") ?? "").length > MOST_TEXT;

/** Whether an episode that just came belongs into the list. A new one was reviewed by nobody, and is nobody's favourite. */
export const isShown = (filters: Filters, one: Episode, now: number): boolean =>
  !filters.favourite && (filters.since ? one.opened_at >= now - SINCE[filters.since] : one.opened_at >= (filters.from ?? 0) && one.opened_at < (filters.to ?? Infinity));

/** Folders of cameras and those above them, by name. */
export function foldersOf(known: readonly Camera[]): string[] {
  const found = new Set<string>();
  for (const { folder } of known) {
    const parts = (folder ?? "").split("/").filter(Boolean);
    parts.forEach((_, at) => found.add(parts.slice(0, at + 1).join("/")));
  }
  return [...found].sort((one, other) => one.localeCompare(other));
}

/** Groups of cameras, by name. */
export const groupsOf = (known: readonly Camera[]): string[] => [...new Set(known.flatMap((one) => one.groups ?? []))].sort((one, other) => one.localeCompare(other));

/** The number plate that was read. */
export const plateOf = (one: Episode): string => (typeof one.license_plate_text === "string" ? one.license_plate_text : "");

/** What to call it in a reason or for screen readers. */
export const nameOf = (one: Episode): string => titleOf(one) || one.episode_type;

function ms(text: string): number | null {
  const found = Number(text);
  return text && Number.isSafeInteger(found) && found >= 0 ? found : null;
}
