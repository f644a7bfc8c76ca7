/** Cameras in a list of thousands: found by words, state and folder, without asking the server again. */

import type { Camera, Status } from "../../lib/api/cameras";
import { folded, matching } from "../../lib/search";

export type Shown = Status | "off" | "";
export interface Wanted { text: string; status: Shown; folder: string }
export interface Indexed { one: Camera; text: string }

/** Each camera with the text that is searched; made once a list. */
export const indexed = (all: readonly Camera[]): Indexed[] =>
  all.map((one) => ({ one, text: folded([one.media, one.title, one.folder ?? "", ...one.labels, ...(one.groups ?? [])].join(" ")) }));

/** `off`: known, but not to be recorded; whatever else it was. */
export const stateOf = (one: Pick<Camera, "enabled" | "status">): Exclude<Shown, ""> => (one.enabled ? one.status : "off");

/** Those that are wanted, in the order of the list. A folder holds what is in the folders below it. */
export function found(all: readonly Indexed[], { text, status, folder }: Wanted): Camera[] {
  return matching(all, text).filter((one) => (!status || stateOf(one) === status) && isIn(one.folder ?? "", folder));
}

export const isIn = (folder: string, wanted: string): boolean => !wanted || folder === wanted || folder.startsWith(`${wanted}/`);

/** Every folder and those above it, with how many cameras are in it and below. */
export function folders(all: readonly Camera[]): { folder: string; depth: number; name: string; cameras: number }[] {
  const counts = new Map<string, number>();
  for (const one of all) {
    const parts = (one.folder ?? "").split("/").filter(Boolean);
    for (let depth = 1; depth <= parts.length; depth++) {
      const folder = parts.slice(0, depth).join("/");
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
  }
  const order = [...counts].sort(([a], [b]) => a.localeCompare(b, undefined, { numeric: true }));
  return order.map(([folder, cameras]) => ({ folder, depth: folder.split("/").length - 1, name: folder.split("/").at(-1)!, cameras }));
}

/** How many cameras are in each state. */
export function counted(all: readonly Camera[]): Record<Exclude<Shown, "">, number> {
  const counts = { recording: 0, lost: 0, never: 0, off: 0 };
  for (const one of all) counts[stateOf(one)] += 1;
  return counts;
}
