/** Which episodes the list shows. */

import type { Episode } from "../../lib/api/episodes";
import { originOf } from "../../timeline/content";

/** The sources of an origin, as the API filters by them. */
export const SOURCES: Readonly<Record<string, string | undefined>> = {
  motion: "motion_detector", alarm: "alarm", analytics: "api,inference", person: "person",
};

/** Those that the timeline's legend has not switched off. */
export const shownOf = (episodes: readonly Episode[], hidden: ReadonlySet<string>): Episode[] =>
  episodes.filter((one) => !hidden.has(`type:${one.episode_type}`) && !hidden.has(`origin:${originOf(one.originator?.source)}`));
