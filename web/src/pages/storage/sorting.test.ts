import { expect, test } from "vitest";
import type { Kept } from "../../lib/api/keeping";
import { sorted } from "./sorting";

const kept = (media: string, stored_bytes: number, saving: number | null): Kept => ({ media, stored_bytes, saving }) as Kept;
const all = [kept("b", 2, null), kept("a", 2, 0.5), kept("c", 9, 0.1)];
const names = (found: Kept[]): string => found.map((one) => one.media).join("");

test("the largest first, equal ones by name", () => expect(names(sorted(all, "stored_bytes", false))).toBe("cab"));
test("unknown stands last whichever way", () => {
  expect(names(sorted(all, "saving", true))).toBe("cab");
  expect(names(sorted(all, "saving", false))).toBe("acb");
});
test("names go up and down", () => expect(names(sorted(all, "media", false))).toBe("cba"));
