import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { COMMANDS, GROUPS, KEYS, commandOf } from "./keys";

const guide = readFileSync(new URL("../../../../docs/guide/review.md", import.meta.url), "utf8");
const review = guide.split("## Live")[0]!;
const rows = review.split("\n").filter((line) => line.startsWith("| `"));
const ARROWS: Record<string, string> = { "←": "ArrowLeft", "→": "ArrowRight", "↑": "ArrowUp", "↓": "ArrowDown", "Ctrl+A": "Ctrl+a", "Cmd+A": "Meta+a" };
const named = (cell: string): string[] => cell.split(", ").map((one) => one.replaceAll("`", "").replaceAll(" + ", "+")).map((one) => ARROWS[one] ?? one);

describe("keys", () => {
  it("mean one thing each", () => {
    const all = Object.values(KEYS).flat();
    expect(new Set(all).size).toBe(all.length);
    expect([commandOf("j"), commandOf("Ctrl+a"), commandOf("q")]).toEqual(["next", "selectAll", null]);
  });

  it("stand in one group of the help each", () => {
    expect(Object.values(GROUPS).flat().sort()).toEqual([...COMMANDS].sort());
  });

  it("stand in the guide's table, all of them and no others", () => {
    const told = rows.flatMap((line) => named(line.split("|")[1]!.trim()));
    expect(told.sort()).toEqual([...Object.values(KEYS).flat(), "?"].sort());
  });
});
