/** The keyboard of the review: which key means what. docs/guide/review.md has the same table, and a test compares them. */

export const COMMANDS = ["previous", "next", "above", "below", "view", "open", "reviewed", "favourite", "protect", "select", "selectAll", "clear", "newest", "search"] as const;
export type Command = (typeof COMMANDS)[number];

/** Names of keys as lib/shortcuts has them. */
export const KEYS: Readonly<Record<Command, readonly string[]>> = {
  previous: ["k", "ArrowLeft"], next: ["j", "ArrowRight"], above: ["ArrowUp"], below: ["ArrowDown"], view: ["Space", "v"], open: ["o", "Enter"],
  reviewed: ["r"], favourite: ["f"], protect: ["p"], select: ["x"], selectAll: ["Ctrl+a", "Meta+a"], clear: ["Escape"], newest: ["Home"], search: ["/"],
};

/** How the help is divided. */
export const GROUPS: Readonly<Record<"moving" | "saying" | "selecting", readonly Command[]>> = {
  moving: ["next", "previous", "above", "below", "newest", "view", "open", "search"],
  saying: ["reviewed", "favourite", "protect"],
  selecting: ["select", "selectAll", "clear"],
};

/** The command of a key; null: it has none. */
export const commandOf = (key: string): Command | null => COMMANDS.find((one) => KEYS[one].includes(key)) ?? null;
