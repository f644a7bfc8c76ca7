/** The episodes that were found: pages of them, what came since, and the reader's own word on each. */

import { type Episode, episodes, review } from "../../lib/api/episodes";
import { type FeedState, follow } from "../../lib/api/events";
import { Problem, isAborted, type Query } from "../../lib/api/request";
import { toasts } from "../../lib/toasts.svelte";
import { Turns } from "../../lib/turns";
import { type Said, differing, keyOf, merged, told, updated } from "./list";
import { t } from "./words";

const PAGE = 200;
const AT_ONCE = 4;
/** News is shown together: a busy site tells a hundred things a second. */
const TOGETHER_MS = 200;

/** What is looked for. Null where nothing can be found. `takes`: whether what just came belongs to it. */
export interface Wanted { asked: (now: number) => Query | null; followed: Query | null; takes: (one: Episode) => boolean }

interface Change { one: Episode; said: Said; before: Said }

export class Shelf {
  list = $state.raw<readonly Episode[]>([]);
  /** What came while the reader was further down. */
  waiting = $state.raw<readonly Episode[]>([]);
  /** What slid in since the page is open. */
  fresh = $state.raw<ReadonlySet<string>>(new Set());
  count = $state(0);
  feed = $state<FeedState>("connecting");
  problem = $state.raw<Problem | null>(null);
  isLoading = $state(false);
  /** Whether an answer is here, be it empty. */
  isKnown = $state(false);
  /** Whether the reader looks at the newest. */
  isAtTop = $state(true);
  next = $state.raw<string | null>(null);
  #wanted: Wanted | null = null;
  #query: Query | null = null;
  #asking = new AbortController();
  #following = new AbortController();
  /** What was heard and is not shown yet: together with more, or once the page that is read anew is here, which may not have it. */
  #news: Episode[] = [];
  #isRenewing = false;
  #soon: ReturnType<typeof setTimeout> | null = null;
  #turns = new Turns(AT_ONCE);
  /** The last word on each, so that two on one arrive in their order. */
  #words = new Map<string, Promise<unknown>>();

  /** Look for something else, and follow it. */
  open(wanted: Wanted): void {
    this.#wanted = wanted;
    this.#forgetNews();
    [this.list, this.fresh, this.isKnown, this.isAtTop] = [[], new Set(), false, true];
    void this.reload();
    this.#following.abort();
    this.#following = new AbortController();
    const { signal } = this.#following;
    const hearing = { heard: (one: Episode) => this.#heard(one), state: (now: FeedState) => void (this.feed = now), missed: () => void this.reload() };
    if (wanted.followed) void follow(wanted.followed, hearing, signal);
  }

  /** Read the newest page again. */
  async reload(): Promise<void> {
    this.waiting = [];
    this.#query = this.#wanted?.asked(Date.now()) ?? null;
    if (this.#query) return this.#read("");
    this.#asking.abort();
    [this.list, this.next, this.count, this.isKnown, this.problem] = [[], null, 0, true, null];
  }

  /** Read the next page, unless there is none or it is on its way. */
  async more(): Promise<void> {
    if (this.next !== null && !this.isLoading && !this.problem) await this.#read(this.next);
  }

  retry(): void {
    this.problem = null;
    void (this.isKnown ? this.more() : this.reload());
  }

  close(): void {
    this.#forgetNews();
    this.#asking.abort();
    this.#following.abort();
  }

  /** Show what came meanwhile. */
  showWaiting(): void {
    this.#takeIn(this.waiting);
    this.waiting = [];
  }

  /** Say something of episodes: shown at once, told to the server, taken back where that fails or the reader wants. */
  async say(these: readonly Episode[], said: Said): Promise<void> {
    const changes = differing(these, said);
    if (!changes.length) return;
    toasts.good(t.saidOf(said, changes.length), () => void this.#tell(changes.map(({ one, before }) => ({ one, said: before, before: said }))));
    await this.#tell(changes.map(({ one, before }) => ({ one, said, before })));
  }

  async #tell(changes: readonly Change[]): Promise<void> {
    this.#put(changes.map(({ one, said }) => [one, said]));
    const answers = await Promise.allSettled(changes.map(({ one, said }) => this.#send(one, said)));
    const failed = answers.flatMap((one, at) => (one.status === "rejected" ? [{ change: changes[at]!, why: one.reason as unknown }] : []));
    if (!failed.length) return;
    this.#put(failed.map(({ change }) => [change.one, change.before]));
    toasts.failed(failed[0]!.why);
  }

  #send(one: Episode, said: Said): Promise<void> {
    const key = keyOf(one);
    const before = this.#words.get(key) ?? Promise.resolve();
    const sent = before.then(() => this.#turns.take(() => review(one, said)));
    this.#words.set(key, sent.catch(() => undefined).finally(() => void (this.#words.size > PAGE && this.#words.delete(key))));
    return sent;
  }

  #put(words: readonly (readonly [Episode, Said])[]): void {
    this.list = told(this.list, new Map(words.map(([one, said]) => [keyOf(one), said])));
  }

  #forgetNews(): void {
    if (this.#soon) clearTimeout(this.#soon);
    [this.#news, this.#soon] = [[], null];
  }

  async #read(cursor: string): Promise<void> {
    this.#asking.abort();
    const { signal } = (this.#asking = new AbortController());
    this.isLoading = true;
    this.#isRenewing = cursor === "";
    try {
      const page = await episodes({ ...this.#query, limit: PAGE, cursor }, signal);
      this.list = merged(cursor ? this.list : [], page.episodes);
      [this.next, this.problem, this.isKnown] = [page.next, null, true];
      if (cursor) return;
      this.count = page.estimated_count;
      this.#isRenewing = false;
      this.#show();
    } catch (error) {
      if (isAborted(error)) return;
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
    } finally {
      if (this.#asking.signal === signal) [this.isLoading, this.#isRenewing] = [false, false];
    }
  }

  #heard(one: Episode): void {
    this.#news.push(one);
    this.#soon ??= setTimeout(() => this.#show(), TOGETHER_MS);
  }

  #show(): void {
    this.#soon = null;
    if (!this.isKnown || this.#isRenewing) return;
    const news = this.#news;
    this.#news = [];
    const { list, rest } = updated(this.list, news);
    this.list = list;
    const fresh = rest.filter((one) => this.#wanted?.takes(one) && !this.#isBehind(one));
    if (this.isAtTop) this.#takeIn(fresh);
    else this.waiting = merged(updated(this.waiting, fresh).list, fresh);
  }

  /** Whether it lies where pages that are still to come begin. */
  #isBehind(one: Episode): boolean {
    return this.next !== null && one.opened_at < (this.list.at(-1)?.opened_at ?? 0);
  }

  #takeIn(more: readonly Episode[]): void {
    if (!more.length) return;
    const before = this.list.length;
    this.list = merged(this.list, more);
    this.count += this.list.length - before;
    this.fresh = new Set([...this.fresh, ...more.map(keyOf)].slice(-PAGE));
  }
}
