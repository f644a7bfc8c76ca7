/** The list of episodes, the newest first, and what becomes of it when one changes. */

import type { Episode } from "../../lib/api/episodes";

/** What the reader says of an episode. */
export interface Said { reviewed?: boolean; favourite?: boolean }

/** Several cameras may have an episode of the same id. */
export const keyOf = (one: Pick<Episode, "media" | "episode_id">): string => `${one.media}/${one.episode_id}`;

/** The list with later versions of those it has, the reader's word on them kept, for the feed does not know it; and the news it has not. */
export function updated(list: readonly Episode[], news: readonly Episode[]): { list: readonly Episode[]; rest: Episode[] } {
  const latest = new Map(news.map((one) => [keyOf(one), one]));
  const all = latest.size;
  const next = list.map((old) => {
    const one = latest.get(keyOf(old));
    if (!one) return old;
    latest.delete(keyOf(old));
    return { ...one, ...(old.reviewed !== undefined && { reviewed: old.reviewed }), ...(old.favourite !== undefined && { favourite: old.favourite }) };
  });
  const rest = [...latest.values()];
  return { list: rest.length === all ? list : next, rest };
}

/** The list with more, each in its place and once; what it has stays as it is. */
export function merged(list: readonly Episode[], more: readonly Episode[]): Episode[] {
  const known = new Set(list.map(keyOf));
  const fresh = more.filter((one) => !known.has(keyOf(one)) && known.add(keyOf(one)));
  const last = list.at(-1);
  const isBehind = !last || fresh.every((one) => one.opened_at <= last.opened_at);
  return isBehind ? [...list, ...fresh] : [...list, ...fresh].sort((one, other) => other.opened_at - one.opened_at);
}

/** The list with the reader's word on some, by key. */
export const told = (list: readonly Episode[], words: ReadonlyMap<string, Said>): Episode[] => 
  list.map((one) => {
    const said = words.get(keyOf(one));
    return said ? { ...one, ...said } : one;
  });

/** What has to be said of these so that all of them are as wished, and what was said of each before. */
export const differing = (list: readonly Episode[], said: Said): { one: Episode; before: Said }[] =>
  list.flatMap((one) => {
    const names = (["reviewed", "favourite"] as const).filter((name) => said[name] !== undefined && said[name] !== (one[name] ?? false));
    return names.length ? [{ one, before: Object.fromEntries(names.map((name) => [name, one[name] ?? false])) }] : [];
  });

/** Keys from one card to another, both of them, whichever stands first. */
export function between(list: readonly Episode[], one: number, other: number): string[] {
  return list.slice(Math.min(one, other), Math.max(one, other) + 1).map(keyOf);
}
