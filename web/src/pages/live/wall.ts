/** The mosaic: how many cameras stand in it, in which order, how it is divided; all of it in the address and kept per browser. */

import type { Camera } from "../../lib/api/cameras";
import type { Change } from "../../lib/router.svelte";

export const LAYOUTS = ["auto", "1", "4", "9", "16", "25"] as const;
export type Layout = (typeof LAYOUTS)[number];
/** How many play at once; the others are pictures. */
export const PLAYING = [0, 1, 4, 9, 16, 25] as const;

/** `order`: cameras that stand before all others. `one`: the camera that is large, if any. */
export interface Wall { layout: Layout; folder: string; group: string; order: readonly string[]; page: number; one: string; playing: number }

const MOST = 25;
const MOST_ORDER = 100;
const PLAYED = 9;
const WIDE = 16 / 9;

export function wallOf(query: URLSearchParams): Wall {
  const [layout, playing] = [query.get("layout"), query.get("playing")];
  return {
    layout: LAYOUTS.find((one) => one === layout) ?? "auto", folder: query.get("folder") ?? "", group: query.get("group") ?? "",
    order: (query.get("order") ?? "").split(",").filter(Boolean), page: Math.max(0, Math.floor(Number(query.get("page")) || 0)), one: query.get("one") ?? "",
    playing: PLAYING.find((one) => String(one) === playing) ?? PLAYED,
  };
}

/** What to put into the address for some of it; what is as it begins is left out. */
export function changeOf(wall: Partial<Wall>): Change {
  const { layout, order, page, playing, ...more } = wall;
  return {
    ...more, ...(layout && { layout: layout === "auto" ? null : layout }), ...(order && { order: order.slice(0, MOST_ORDER).join(",") }),
    ...(page !== undefined && { page: page || null }), ...(playing !== undefined && { playing: playing === PLAYED ? null : playing }),
  };
}

/** The cameras that are meant: the arranged ones first, the others as they come. */
export function camerasOf(wall: Wall, known: readonly Camera[]): Camera[] {
  const isInside = (one: Camera): boolean => !wall.folder || one.folder === wall.folder || (one.folder ?? "").startsWith(`${wall.folder}/`);
  const meant = known.filter((one) => one.may?.live !== false && isInside(one) && (!wall.group || (one.groups ?? []).includes(wall.group)));
  const place = new Map(wall.order.map((media, at) => [media, at]));
  return meant.map((one, at) => ({ one, at: place.get(one.media) ?? wall.order.length + at })).sort((one, other) => one.at - other.at).map(({ one }) => one);
}

/** How many stand on a page of the mosaic. */
export const perPage = (layout: Layout, all: number): number => (layout === "auto" ? Math.max(1, Math.min(MOST, all)) : Number(layout));

export const pagesOf = (layout: Layout, all: number): number => Math.max(1, Math.ceil(all / perPage(layout, all)));

/** Those on a page; the last page where there are fewer. */
export function onPage<T>(all: readonly T[], layout: Layout, page: number): T[] {
  const size = perPage(layout, all.length);
  const first = Math.min(page, pagesOf(layout, all.length) - 1) * size;
  return all.slice(first, first + size);
}

/** The columns with which `count` pictures are largest on a field of this size; a narrow one has one column, or two of many. */
export function columnsOf(layout: Layout, count: number, width: number, height: number): number {
  if (width < 560) return count > 4 ? 2 : 1;
  if (layout !== "auto") return Math.sqrt(Number(layout));
  let [best, widest] = [1, 0];
  for (let columns = 1; columns <= count; columns++) {
    const tile = Math.min(width / columns, (height / Math.ceil(count / columns)) * WIDE);
    if (tile >= widest) [best, widest] = [columns, tile];
  }
  return best;
}

/** The order after one camera was put where another stands. */
export function arranged(shown: readonly string[], media: string, onto: string): string[] {
  const [from, to] = [shown.indexOf(media), shown.indexOf(onto)];
  if (from < 0 || to < 0 || from === to) return [...shown];
  const rest = shown.toSpliced(from, 1);
  return rest.toSpliced(to, 0, media);
}

/** Which of them play: the large one, else as many as may of those in sight, in their order. */
export function played(shown: readonly string[], inSight: ReadonlySet<string>, wall: Pick<Wall, "one" | "playing">, isHidden: boolean): ReadonlySet<string> {
  if (isHidden) return new Set();
  if (wall.one) return new Set([wall.one]);
  return new Set(shown.filter((one) => inSight.has(one)).slice(0, wall.playing));
}
