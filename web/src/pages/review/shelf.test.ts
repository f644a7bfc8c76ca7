import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Episode } from "../../lib/api/episodes";
import { openWindow } from "../../lib/browser.fake";
import { toasts } from "../../lib/toasts.svelte";
import { keyOf } from "./list";
import { Shelf } from "./shelf.svelte";

const made = (id: number, more: Partial<Episode> = {}): Episode => ({ media: "gate", episode_id: String(id), opened_at: id * 10, reviewed: false, favourite: false, ...more }) as Episode;
const settle = (ms = 300): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const ids = (shelf: Shelf): string => shelf.list.map((one) => one.episode_id).join(" ");

let puts: { path: string; body: Record<string, unknown> }[] = [];
let tell: (one: Episode) => void = () => undefined;
let refused = new Set<string>();
let shelf: Shelf;

/** A server with episodes 9…1 on pages of three, and a feed. */
async function answer(address: string, init: RequestInit): Promise<Response> {
  const url = new URL(address, "http://x");
  if (init.method === "PUT") {
    const body = JSON.parse(init.body as string) as Record<string, unknown>;
    const id = url.pathname.split("/").at(-2)!;
    await new Promise((done) => setTimeout(done, puts.length ? 1 : 20));
    puts.push({ path: id, body });
    return refused.has(id) ? Response.json({ detail: "no" }, { status: 503 }) : Response.json({});
  }
  if (url.pathname.endsWith("/events")) {
    return new Response(new ReadableStream({
      start: (out) => {
        tell = (one) => out.enqueue(new TextEncoder().encode(`id: 1\nevent: episode\ndata: ${JSON.stringify(one)}\n\n`));
        init.signal!.addEventListener("abort", () => out.error(init.signal!.reason));
      },
    }));
  }
  const first = Number(url.searchParams.get("cursor") || 9);
  return Response.json({ episodes: [made(first), made(first - 1), made(first - 2)], next: first > 3 ? String(first - 3) : null, prev: null, estimated_count: 9 });
}

beforeEach(async () => {
  vi.useFakeTimers();
  openWindow();
  [puts, refused, toasts.shown] = [[], new Set(), []];
  vi.stubGlobal("fetch", answer);
  shelf = new Shelf();
  shelf.open({ asked: () => ({}), followed: {}, takes: () => true });
  await settle();
});
afterEach(() => (shelf.close(), vi.useRealTimers(), vi.unstubAllGlobals()));

describe("the shelf", () => {
  it("reads page after page, each episode once, to the end", async () => {
    expect([ids(shelf), shelf.count]).toEqual(["9 8 7", 9]);
    await shelf.more();
    await shelf.more();
    await shelf.more();
    expect([ids(shelf), shelf.next]).toEqual(["9 8 7 6 5 4 3 2 1", null]);
  });

  it("takes in what comes while the newest are looked at, and keeps it waiting otherwise", async () => {
    tell(made(10));
    await settle();
    expect([ids(shelf), shelf.count, shelf.fresh.has("gate/10")]).toEqual(["10 9 8 7", 10, true]);
    shelf.isAtTop = false;
    tell(made(12));
    tell(made(11));
    tell(made(11, { title: "later" }));
    tell(made(9, { title: "changed" }));
    tell(made(2));
    await settle();
    expect([ids(shelf), shelf.waiting.length, shelf.list[1]?.title]).toEqual(["10 9 8 7", 2, "changed"]);
    shelf.showWaiting();
    expect([ids(shelf), shelf.waiting.length, shelf.count]).toEqual(["12 11 10 9 8 7", 0, 12]);
    expect(shelf.list[1]?.title).toBe("later");
  });

  it("loses nothing that is told before the first page is here, or while it is read anew", async () => {
    const late: (() => void)[] = [];
    vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
      const found = await answer(address, init);
      if (!address.includes("/events")) await new Promise<void>((done) => late.push(done));
      return found;
    });
    shelf.open({ asked: () => ({}), followed: {}, takes: () => true });
    await settle();
    tell(made(10));
    await settle(1000);
    late.pop()!();
    await settle();
    expect(ids(shelf)).toBe("10 9 8 7");
    void shelf.reload();
    await settle(10);
    tell(made(11));
    await settle(1000);
    late.pop()!();
    await settle();
    expect(ids(shelf)).toContain("11");
  });

  it("shows a word at once and takes back what the server refuses, nothing else", async () => {
    refused = new Set(["8"]);
    const saying = shelf.say(shelf.list, { reviewed: true });
    expect(shelf.list.map((one) => one.reviewed)).toEqual([true, true, true]);
    await settle();
    await saying;
    expect(shelf.list.map((one) => one.reviewed)).toEqual([true, false, true]);
    expect(toasts.shown.at(-1)).toMatchObject({ kind: "bad", text: "no" });
  });

  it("undoes what was said, and says nothing twice", async () => {
    const [one] = shelf.list;
    void shelf.say([one!], { favourite: true });
    await settle();
    toasts.shown.at(-1)!.undo!();
    await settle();
    expect(puts.map(({ body }) => body.favourite)).toEqual([true, false]);
    expect(shelf.list[0]?.favourite).toBe(false);
    await shelf.say([shelf.list[0]!], { favourite: false });
    expect(puts).toHaveLength(2);
  });

  it("tells two words on one episode in their order, however slow the first is", async () => {
    void shelf.say([shelf.list[0]!], { reviewed: true });
    void shelf.say([shelf.list[0]!], { reviewed: false });
    await settle();
    expect(puts.map(({ body }) => body.reviewed)).toEqual([true, false]);
    expect(shelf.list.find((one) => keyOf(one) === "gate/9")?.reviewed).toBe(false);
  });

  it("is empty, and asks nobody, where nothing can be found", async () => {
    shelf.open({ asked: () => null, followed: null, takes: () => true });
    await settle();
    expect([shelf.isKnown, ids(shelf), shelf.count]).toEqual([true, "", 0]);
  });
});
