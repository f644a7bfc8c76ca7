/** The keyboard of the archive: which key means what. docs/guide/player.md has the same table, and a test compares them. */

export const COMMANDS = [
  "toggle", "back", "on", "farBack", "farOn", "frameBack", "frameNext", "previousEpisode", "nextEpisode", "selectFrom", "selectTo", "export",
  "protect", "snapshot", "zoomIn", "zoomOut", "goTo", "live", "search", "full", "sound", "speed",
] as const;
export type Command = (typeof COMMANDS)[number];

/** Names of keys as lib/shortcuts has them. */
export const KEYS: Readonly<Record<Command, readonly string[]>> = {
  toggle: ["Space"], back: ["ArrowLeft"], on: ["ArrowRight"], farBack: ["Shift+ArrowLeft"], farOn: ["Shift+ArrowRight"], frameBack: [","], frameNext: ["."],
  previousEpisode: ["["], nextEpisode: ["]"], selectFrom: ["i"], selectTo: ["o"], export: ["e"], protect: ["p"], snapshot: ["s"],
  zoomIn: ["+", "="], zoomOut: ["-"], goTo: ["g"], live: ["l"], search: ["/"], full: ["f"], sound: ["m"],
  speed: ["1", "2", "3", "4", "5", "6", "7", "8"],
};

/** How the help is divided. */
export const GROUPS: Readonly<Record<"playing" | "moving" | "selecting" | "looking", readonly Command[]>> = {
  playing: ["toggle", "speed", "frameBack", "frameNext", "sound", "full", "snapshot"],
  moving: ["back", "on", "farBack", "farOn", "previousEpisode", "nextEpisode", "goTo", "live"],
  selecting: ["selectFrom", "selectTo", "export", "protect"],
  looking: ["zoomIn", "zoomOut", "search"],
};
