/** Episodes as the page shows them: what to call one, where it lies, and the list below the time line. */

import type { Episode, Span } from "./api";
import { asClock } from "./times";

const SHOWN = 50;

export const startOf = (one: Episode): number => one.started_at ?? one.opened_at;
export const spanOf = (one: Episode): Span => ({ start_ms: startOf(one), end_ms: Math.max(one.closed_at ?? one.updated_at, startOf(one)) });
export const nameOf = (one: Episode): string => [one.title, one.episode_type === "generic" && one.title ? "" : one.episode_type].filter(Boolean).join(" · ");

/** Fill `list` with those that reach into the window, the latest first; `pick` is called with where one begins. */
export function showMarks(list: HTMLElement, episodes: Episode[], window: Span, pick: (at: number) => void): void {
  const inside = episodes.filter((one) => spanOf(one).start_ms < window.end_ms && spanOf(one).end_ms >= window.start_ms);
  list.hidden = !inside.length;
  list.replaceChildren(...inside.slice(0, SHOWN).map((one) => item(one, pick)));
}

function item(one: Episode, pick: (at: number) => void): HTMLElement {
  const button = document.createElement("button");
  button.className = "mark";
  button.textContent = `${asClock(startOf(one))} ${nameOf(one)}`;
  button.title = `Episode ${one.episode_id}, recorded: ${one.recording_status}`;
  button.addEventListener("click", () => pick(startOf(one)));
  const entry = document.createElement("li");
  entry.append(button);
  return entry;
}
