/** What each command of the keyboard does. */

import type { Shortcut } from "../../lib/shortcuts.svelte";
import type { Board } from "./board.svelte";
import { type Command, GROUPS, KEYS } from "./keys";
import { t } from "./words";

const RUNS: Readonly<Record<Command, (board: Board) => void>> = {
  previous: (board) => board.move(-1),
  next: (board) => board.move(1),
  above: (board) => board.moveLine(-1),
  below: (board) => board.moveLine(1),
  view: (board) => board.current && board.view(board.current),
  open: (board) => board.current && board.open(board.current),
  reviewed: (board) => void board.toggle("reviewed"),
  favourite: (board) => void board.toggle("favourite"),
  protect: (board) => board.protect(),
  select: (board) => board.current && board.pick(board.current, false),
  selectAll: (board) => board.pickSight(),
  clear: (board) => board.unselect(),
  newest: (board) => board.grid?.top(),
  search: () => document.querySelector<HTMLInputElement>("[data-test=review-search]")?.focus(),
};

const does = (one: Command): string => t[`key${one[0]!.toUpperCase()}${one.slice(1)}` as `key${Capitalize<Command>}`];

/** The shortcuts of the page, in the order of the help. */
export const shortcutsOf = (board: Board): Shortcut[] =>
  Object.entries(GROUPS).flatMap(([group, commands]) =>
    commands.map((one) => ({ keys: [...KEYS[one]], does: () => does(one), run: () => RUNS[one](board), group: () => t[group as keyof typeof GROUPS] })));
