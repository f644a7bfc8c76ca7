/** What each command of the keyboard does. */

import type { Shortcut } from "../../lib/shortcuts.svelte";
import { MINUTE, SECOND } from "../../lib/times";
import { BY_KEY } from "../../player/speeds";
import type { Desk } from "./desk.svelte";
import { COMMANDS, type Command, GROUPS, KEYS } from "./keys";
import { saveSnapshot } from "./saving";
import { t } from "./words";

type Run = (desk: Desk, event: KeyboardEvent) => void;

const RUNS: Readonly<Record<Command, Run>> = {
  toggle: ({ playback }) => playback.toggle(),
  back: ({ playback }) => void playback.skip(-10 * SECOND),
  on: ({ playback }) => void playback.skip(10 * SECOND),
  farBack: ({ playback }) => void playback.skip(-MINUTE),
  farOn: ({ playback }) => void playback.skip(MINUTE),
  frameBack: ({ playback }) => void playback.step(-1),
  frameNext: ({ playback }) => void playback.step(1),
  previousEpisode: (desk) => void desk.episode(-1),
  nextEpisode: (desk) => void desk.episode(1),
  selectFrom: (desk) => desk.select("from"),
  selectTo: (desk) => desk.select("to"),
  export: (desk) => desk.may("export") && desk.ask("export"),
  protect: (desk) => desk.may("protect") && desk.ask("protect"),
  snapshot: (desk) => void saveSnapshot(desk.playback),
  zoomIn: ({ timeline }) => timeline?.zoomIn(),
  zoomOut: ({ timeline }) => timeline?.zoomOut(),
  goTo: (desk) => desk.ask("goTo"),
  live: (desk) => desk.live(),
  search: (desk) => desk.ask("cameras"),
  full: () => toggleFull(),
  sound: ({ playback }) => playback.sound(),
  speed: ({ playback }, event) => playback.mode !== "live" && playback.speed(BY_KEY[event.key] ?? 1),
};

/** The shortcuts of the page, in the order of the help. */
export function shortcutsOf(desk: Desk, left: readonly Command[] = []): Shortcut[] {
  return Object.entries(GROUPS).flatMap(([group, commands]) =>
    commands.filter((one) => !left.includes(one)).map((one) => ({
      keys: [...KEYS[one]], does: () => t[one], run: (event: KeyboardEvent) => RUNS[one](desk, event), group: () => t[group as keyof typeof GROUPS],
    })),
  );
}

/** Those of a shared window: nothing that leads out of it. */
export const OUTSIDE: readonly Command[] = COMMANDS.filter((one) => ["live", "search", "protect", "previousEpisode", "nextEpisode"].includes(one));

/** The part of the page that fills the screen. */
export function toggleFull(): void {
  if (!document.fullscreenEnabled) return;
  if (document.fullscreenElement) void document.exitFullscreen();
  else void document.querySelector("[data-full]")?.requestFullscreen();
}
