import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Pictures } from "./pictures";

let made: string[];
let revoked: string[];
let asked: number[];
const urls = {
  createObjectURL: (): string => made[made.push(`blob:${made.length}`) - 1]!,
  revokeObjectURL: (url: string): void => void revoked.push(url),
};

beforeEach(() => {
  vi.useFakeTimers();
  [made, revoked, asked] = [[], [], []];
});
afterEach(() => void vi.useRealTimers());

const pictures = (): Pictures => new Pictures(async (at) => {
  asked.push(at);
  return new Blob();
}, urls);

test("a pointer that moves on asks for nothing; one that rests gets its picture", async () => {
  const [one, shown] = [pictures(), [] as (string | null)[]];
  for (let at = 0; at < 20_000; at += 1000) one.ask(at, 1000, (url) => shown.push(url));
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toEqual([19_000]);
  expect(shown).toEqual(["blob:0"]);
});

test("a picture that is known is shown at once and not fetched again", async () => {
  const [one, shown] = [pictures(), [] as (string | null)[]];
  one.ask(5000, 1000, (url) => shown.push(url));
  await vi.advanceTimersByTimeAsync(200);
  one.ask(5400, 1000, (url) => shown.push(url));
  expect(shown).toEqual(["blob:0", "blob:0"]);
  expect(asked).toHaveLength(1);
});

test("what is forgotten is given back, the longest unseen first, and in the end everything", async () => {
  const one = pictures();
  for (let at = 0; at < 60; at++) {
    one.ask(at * 1000, 1000, () => undefined);
    await vi.advanceTimersByTimeAsync(200);
    one.ask(0, 1000, () => undefined);
  }
  expect(revoked).toHaveLength(12);
  expect(revoked).not.toContain("blob:0");
  one.close();
  expect(new Set(revoked)).toEqual(new Set(made));
});

test("an answer that nobody waits for any more is not shown", async () => {
  const shown: (string | null)[] = [];
  let come: (blob: Blob) => void = () => undefined;
  const one = new Pictures(() => new Promise((done) => (come = done)), urls);
  one.ask(1000, 1000, (url) => shown.push(url));
  await vi.advanceTimersByTimeAsync(200);
  one.stop();
  come(new Blob());
  await vi.advanceTimersByTimeAsync(200);
  expect([shown, made]).toEqual([[], []]);
});

test("where there is none the time is shown without", async () => {
  const shown: (string | null)[] = [];
  new Pictures(() => Promise.reject(new Error("404")), urls).ask(1, 1000, (url) => shown.push(url));
  await vi.advanceTimersByTimeAsync(200);
  expect(shown).toEqual([null]);
});
