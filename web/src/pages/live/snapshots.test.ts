import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Snapshots } from "./snapshots";

const open = new Set<string>();
let made = 0;
let running = 0;
let most = 0;
let asked = 0;

beforeEach(() => {
  vi.useFakeTimers();
  open.clear();
  [made, running, most, asked] = [0, 0, 0, 0];
  vi.spyOn(URL, "createObjectURL").mockImplementation(() => (open.add(`blob:${++made}`), `blob:${made}`));
  vi.spyOn(URL, "revokeObjectURL").mockImplementation((url) => void open.delete(url));
  vi.stubGlobal("fetch", async (address: string) => {
    asked += 1;
    most = Math.max(most, ++running);
    await new Promise((done) => setTimeout(done, 50));
    running -= 1;
    return address.includes("never") ? new Response("{}", { status: 404 }) : new Response("jpeg", { headers: { "X-At-Ms": "7" } });
  });
});
afterEach(() => (vi.useRealTimers(), vi.unstubAllGlobals(), vi.restoreAllMocks()));

describe("snapshots", () => {
  it("keep one picture of each camera over time, and none afterwards", async () => {
    const ends = ["a", "b", "c"].map((media) => new Snapshots(4, 5000).watch(media, () => undefined));
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(made).toBeGreaterThan(2000);
    expect(open.size).toBe(3);
    for (const end of ends) end();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([open.size, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it("never ask for more than so many at once", async () => {
    const snapshots = new Snapshots(3, 5000);
    const ends = Array.from({ length: 25 }, (_, n) => snapshots.watch(`camera${n}`, () => undefined));
    await vi.advanceTimersByTimeAsync(20_000);
    expect([most, asked > 75]).toEqual([3, true]);
    for (const end of ends) end();
    await vi.advanceTimersByTimeAsync(1000);
    expect(open.size).toBe(0);
  });

  it("ask seldom where there is no picture, and tell when one was taken", async () => {
    const told: (number | null)[] = [];
    const snapshots = new Snapshots(4, 5000);
    const ends = [snapshots.watch("never", () => told.push(-1)), snapshots.watch("gate", (one) => told.push(one?.at_ms ?? null))];
    await vi.advanceTimersByTimeAsync(1000);
    expect([told, asked]).toEqual([[7], 2]);
    ends[1]!();
    await vi.advanceTimersByTimeAsync(25_000);
    expect([told, asked]).toEqual([[7, null], 2]);
    ends[0]!();
  });
});
