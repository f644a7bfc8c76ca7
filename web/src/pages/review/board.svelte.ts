/** What the reader does with the episodes found: where the cursor is, what is selected, what is looked at or asked. */

import type { Camera, Right } from "../../lib/api/cameras";
import { type Episode, startOf } from "../../lib/api/episodes";
import { href, router } from "../../lib/router.svelte";
import { session } from "../../lib/session.svelte";
import { between, keyOf } from "./list";
import { Shelf } from "./shelf.svelte";

const SPARE = 40;

/** What the grid can do for the board. */
export interface Grid { focus(index: number): void; beside(index: number, by: 1 | -1): number; inSight(): { first: number; last: number }; top(): void }

export class Board {
  readonly shelf = new Shelf();
  cameras = $state.raw<ReadonlyMap<string, Camera>>(new Map());
  /** The episode that keys are about, by key. */
  cursor = $state.raw<string | null>(null);
  selected = $state.raw<ReadonlySet<string>>(new Set());
  /** Whether the quick view is open; it shows the episode of the cursor. */
  isViewing = $state(false);
  protecting = $state.raw<readonly Episode[]>([]);
  grid: Grid | undefined;
  /** Where a selection with Shift begins. */
  #anchor = 0;

  readonly #index = $derived(new Map(this.shelf.list.map((one, at) => [keyOf(one), at])));
  readonly at = $derived(this.cursor === null ? -1 : (this.#index.get(this.cursor) ?? -1));
  readonly current = $derived(this.shelf.list[this.at] ?? null);

  /** People who are signed in keep what they say; keys and tokens without a user do not. */
  get hasOwnWord(): boolean {
    return Boolean(session.me?.user);
  }

  may(right: Right, one: Episode | null): boolean {
    return one !== null && (this.cameras.get(one.media)?.may?.[right] ?? session.may(right));
  }

  nameOf(media: string): string {
    return this.cameras.get(media)?.title || media;
  }

  /** Where the archive plays an episode. */
  addressOf = (one: Episode): string => href("archive", one.media, { t: startOf(one) });

  /** Put the cursor on a card, and the focus with it unless something lies over the page. */
  moveTo(index: number): void {
    const { list } = this.shelf;
    const to = Math.max(0, Math.min(list.length - 1, index));
    const one = list[to];
    if (!one) return;
    this.cursor = keyOf(one);
    if (to > list.length - SPARE) void this.shelf.more();
    this.grid?.focus(to);
  }

  move(by: number): void {
    this.moveTo(this.at < 0 ? (this.grid?.inSight().first ?? 0) : this.at + by);
  }

  moveLine(by: 1 | -1): void {
    if (this.at < 0) this.move(0);
    else this.moveTo(this.grid?.beside(this.at, by) ?? this.at);
  }

  view(one: Episode): void {
    this.cursor = keyOf(one);
    this.isViewing = true;
  }

  open(one: Episode): void {
    router.go(this.addressOf(one));
  }

  /** Take a card into the selection or out of it; `isRange`: all from the last one that was picked. */
  pick(one: Episode, isRange: boolean): void {
    const at = this.#index.get(keyOf(one)) ?? 0;
    const next = new Set(this.selected);
    if (isRange) for (const key of between(this.shelf.list, this.#anchor, at)) next.add(key);
    else if (!next.delete(keyOf(one))) next.add(keyOf(one));
    if (!isRange) this.#anchor = at;
    this.cursor = keyOf(one);
    this.selected = next;
  }

  pickSight(): void {
    this.selected = new Set([...this.selected, ...this.sight().map(keyOf)]);
  }

  unselect(): void {
    this.selected = new Set();
  }

  /** The episodes whose cards can be seen. */
  sight(): Episode[] {
    const { first, last } = this.grid?.inSight() ?? { first: 0, last: 0 };
    return this.shelf.list.slice(first, last);
  }

  /** What a command is about: all that is selected, else the card of the cursor. */
  meant(): Episode[] {
    if (this.isViewing || !this.selected.size) return this.current ? [this.current] : [];
    return this.shelf.list.filter((one) => this.selected.has(keyOf(one)));
  }

  /** Say it of these; where all of them have it, take it back. */
  async toggle(name: "reviewed" | "favourite", these = this.meant()): Promise<void> {
    if (this.hasOwnWord) await this.shelf.say(these, { [name]: these.some((one) => !one[name]) });
  }

  protect(these = this.meant()): void {
    this.protecting = these.filter((one) => this.may("protect", one));
  }
}
