/** Which episodes the list shows. */

import type { Episode } from "../../lib/api/episodes";
import { originOf } from "../../timeline/content";

/** The sources of an origin, as the API filters by them. */
export const SOURCES: Readonly<Record<string, string | undefined>> = {
  motion: "motion_detector", alarm: "alarm", analytics: "api,inference", person: "person",
};

/** Those of a type (empty: any) that the timeline's legend has not switched off. */
export const shownOf = (episodes: readonly Episode[], hidden: ReadonlySet<string>, type: string): Episode[] =>
  episodes.filter((one) => (!type || one.episode_type === type) && !hidden.has(`type:${one.episode_type}`) && !hidden.has(`origin:${originOf(one.originator?.source)}`));
