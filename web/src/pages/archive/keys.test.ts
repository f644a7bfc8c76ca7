import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { COMMANDS, GROUPS, KEYS } from "./keys";

const guide = readFileSync(new URL("../../../../docs/guide/player.md", import.meta.url), "utf8");
const rows = guide.split("\n").filter((line) => line.startsWith("| `"));

/** `Shift` + `←` of the guide is Shift+ArrowLeft here. */
const named = (cell: string): string[] =>
  cell.split(", ").map((one) => one.replaceAll("`", "").replaceAll(" + ", "+").replace("←", "ArrowLeft").replace("→", "ArrowRight"));

describe("keys", () => {
  it("mean one thing each", () => {
    const all = Object.values(KEYS).flat();
    expect(new Set(all).size).toBe(all.length);
  });

  it("stand in one group of the help each", () => {
    expect(Object.values(GROUPS).flat().sort()).toEqual([...COMMANDS].sort());
  });

  it("stand in the guide's table, all of them and no others", () => {
    const told = rows.flatMap((line) => named(line.split("|")[1]!.trim()));
    expect(told.sort()).toEqual([...Object.values(KEYS).flat(), "?"].sort());
  });
});
