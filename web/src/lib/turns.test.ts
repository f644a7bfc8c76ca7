import { describe, expect, it } from "vitest";
import { Turns } from "./turns";

const held = (): { promise: Promise<void>; end: () => void } => {
  let end = (): void => undefined;
  return { promise: new Promise((done) => (end = done)), end };
};
const settled = (): Promise<void> => new Promise((done) => setTimeout(done));

describe("turns", () => {
  it("never run more than so many, and all in the end, in their order", async () => {
    const turns = new Turns(2);
    const order: number[] = [];
    let most = 0;
    await Promise.all([1, 2, 3, 4, 5].map((n) => turns.take(async () => {
      order.push(n);
      most = Math.max(most, turns.running);
      await settled();
    })));
    expect([most, order, turns.running]).toEqual([2, [1, 2, 3, 4, 5], 0]);
  });

  it("go on after a failure", async () => {
    const turns = new Turns(1);
    await expect(turns.take(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await turns.take(() => Promise.resolve(7))).toBe(7);
  });

  it("are not taken by what was given up", async () => {
    const turns = new Turns(1);
    const first = held();
    const running = turns.take(() => first.promise);
    const leaving = new AbortController();
    let ran = false;
    const waiting = turns.take(async () => void (ran = true), leaving.signal);
    leaving.abort();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    first.end();
    await running;
    await settled();
    expect([ran, turns.running]).toEqual([false, 0]);
  });
});
