/** Fetches what a view shows of one camera: in tiles, each once, the live edge anew; what is no longer looked at is given up. */

import { type Content, type Expiration, NOTHING, type Ranges } from "./content";
import { joinedExpirations, joinedMarks, joinedRanges, patched, patchedMarks } from "./joining";
import { type Ask, type Marked, Questions } from "./questions";
import { type Kept, Store } from "./store";
import { type Tile, keyOf, spanOf, tilesOf } from "./tiles";
import type { View } from "./view";

export interface Told {
  /** What is known of the camera around the view; the same lists where nothing changed. */
  content(content: Content): void;
  /** The first failure since all was well, or null when all is well again. */
  problem(error: unknown): void;
}

interface Kinds { ranges: Ranges; marks: Marked; expirations: readonly Expiration[] }
type Kind = keyof Kinds;
const KINDS: readonly Kind[] = ["ranges", "marks", "expirations"];

/** A view must stand so long before it is fetched: nobody sees what a zoom only passes. */
const STILL_MS = 90;
/** The live edge: so much before now is asked for again and again. */
const EDGE_MS = 180_000;
/** What is looked at is fetched anew when it is so old. */
const OLD_MS = 120_000;
/** Answers that asking again does not change. */
const FINAL = new Set([400, 403, 404]);

export class Loader {
  private readonly stores: { [K in Kind]: Store<Kinds[K]> } = { ranges: new Store(), marks: new Store(), expirations: new Store() };
  private readonly running = new Map<string, AbortController>();
  private readonly refused = new Set<Kind>();
  private readonly questions: Questions;
  private wanted: Tile[] = [];
  private content: Content = NOTHING;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isClosed = false;
  /** Tiles that could not be fetched; they are asked for again. */
  private readonly failing = new Set<string>();

  constructor(media: string, ask: Ask, private readonly now: () => number, private readonly told: Told) {
    this.questions = new Questions(ask, media);
  }

  /** Nothing more is fetched or told, whatever is still on its way. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    for (const one of this.running.values()) one.abort();
    this.running.clear();
  }

  /** What is looked at now. Shows at once what is known of it, and fetches the rest when the view stands still. */
  look(view: View): void {
    const tiles = tilesOf(view);
    if (tiles.map(keyOf).join() === this.wanted.map(keyOf).join()) return;
    this.wanted = tiles;
    this.tell(KINDS);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fetch(), STILL_MS);
  }

  /** Look again: the live edge where it is in sight, and what is old. To be called every few seconds. */
  async refresh(): Promise<void> {
    this.fetch();
    const now = this.now();
    if (this.wanted.some((one) => spanOf(one).start_ms <= now && now < spanOf(one).end_ms)) await this.refreshEdge(now);
  }

  /** Fetch everything anew, as after a change by the viewer; until it comes, what was known is shown. */
  reload(): void {
    this.refused.clear();
    for (const kind of KINDS) {
      for (const one of this.stores[kind].all()) one.fetched_ms = -Infinity;
    }
    this.fetch();
  }

  /** Ask for every tile that is missing or old, and give up what is not wanted any more. */
  private fetch(): void {
    if (this.isClosed) return;
    const tasks = new Map<string, [Kind, Tile]>();
    for (const kind of KINDS) {
      for (const tile of this.refused.has(kind) ? [] : this.wanted) tasks.set(`${kind}/${keyOf(tile)}`, [kind, tile]);
    }
    for (const key of this.failing) if (!tasks.has(key) && key !== "edge") this.recovered(key);
    for (const [key, running] of this.running) {
      if (tasks.has(key) || key === "edge") continue;
      running.abort();
      this.running.delete(key);
    }
    for (const [key, [kind, tile]] of tasks) {
      const known = this.stores[kind].answer(tile);
      if (!this.running.has(key) && !(known && this.now() - known.fetched_ms < OLD_MS)) void this.fetchTile(key, kind, tile);
    }
  }

  private async fetchTile(key: string, kind: Kind, tile: Tile): Promise<void> {
    const fetched_ms = this.now();
    await this.run(key, kind, async (signal) => {
      const span = spanOf(tile);
      if (kind === "ranges") this.keep("ranges", { tile, value: await this.questions.ranges(span, this.now(), signal), whole: true, fetched_ms }, signal);
      else if (kind === "expirations") this.keep(kind, { tile, value: await this.questions.expirations(span, signal), whole: true, fetched_ms }, signal);
      else {
        const value = await this.questions.marks(span, signal);
        this.keep(kind, { tile, value, whole: value.counts === null, fetched_ms }, signal);
      }
    });
  }

  private async refreshEdge(now: number): Promise<void> {
    const window = { start_ms: Math.floor(now - EDGE_MS), end_ms: Math.ceil(now) + 1000 };
    if (this.running.has("edge") || this.isClosed) return;
    await this.run("edge", "ranges", async (signal) => {
      const [ranges, marks] = await Promise.all([this.questions.ranges(window, this.now(), signal), this.questions.listed(window, signal)]);
      if (signal.aborted) return;
      const reaches = ({ tile }: Kept<unknown>): boolean => spanOf(tile).start_ms < window.end_ms && spanOf(tile).end_ms > window.start_ms;
      for (const one of this.stores.ranges.all()) if (reaches(one)) one.value = patched(one.value, ranges, window);
      for (const one of this.stores.marks.all()) if (reaches(one) && marks) one.value = patchedMarks(one.value, marks, window);
      this.tell(["ranges", "marks"]);
    });
  }

  /** One piece of work that can be given up; what it throws is told, once. */
  private async run(key: string, kind: Kind, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const running = new AbortController();
    this.running.set(key, running);
    try {
      await work(running.signal);
      if (!running.signal.aborted) this.recovered(key);
    } catch (error) {
      if (FINAL.has((error as { status?: number }).status ?? 0)) this.refused.add(kind);
      if (!running.signal.aborted && !this.isClosed && kind !== "expirations") {
        this.failing.add(key);
        if (this.failing.size === 1) this.told.problem(error);
      }
    } finally {
      if (this.running.get(key) === running) this.running.delete(key);
    }
  }

  /** All is well again when the last of what failed came, or is not looked at any more. */
  private recovered(key: string): void {
    if (this.failing.delete(key) && !this.failing.size && !this.isClosed) this.told.problem(null);
  }

  private keep<K extends Kind>(kind: K, one: Kept<Kinds[K]>, signal: AbortSignal): void {
    if (signal.aborted || this.isClosed) return;
    this.stores[kind].keep(one);
    this.tell([kind]);
  }

  /** Put these kinds together anew from what is known of the tiles that are wanted. */
  private tell(kinds: readonly Kind[]): void {
    const found = { ...this.content };
    if (kinds.includes("ranges")) Object.assign(found, joinedRanges(this.wanted.flatMap((one) => this.stores.ranges.pieces(one))));
    if (kinds.includes("marks")) Object.assign(found, joinedMarks(this.wanted.flatMap((one) => this.stores.marks.pieces(one))));
    if (kinds.includes("expirations")) {
      found.expirations = joinedExpirations(this.wanted.flatMap((one) => this.stores.expirations.pieces(one)));
    }
    this.content = found;
    this.told.content(found);
  }
}
