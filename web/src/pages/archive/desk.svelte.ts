/** What an operator has before them: a camera, its player, the stretch in sight, the selection, and what may be done with it. */

import { type Camera, type Right, camera, cameras } from "../../lib/api/cameras";
import { type Episode, startOf } from "../../lib/api/episodes";
import type { Span } from "../../lib/api/footage";
import { Load } from "../../lib/load.svelte";
import { MINUTE, SECOND } from "../../lib/times";
import { toasts } from "../../lib/toasts.svelte";
import { Playback } from "../../player/playback.svelte";
import type Timeline from "../../timeline/Timeline.svelte";
import { LEAST_MS } from "../../timeline/selection";
import type { View } from "../../timeline/view";
import { Exporting } from "./exporting.svelte";
import type { Place, Sought, Tab } from "./place";
import { remember } from "./recent";
import { t } from "./words";

export type Asking = "export" | "protect" | "share" | "mark" | "goTo" | "cameras" | null;

const FIRST_MS = MINUTE;
const ALL: Sought = { q: "", origin: "", type: "" };
const HOUR = 60 * MINUTE;

export class Desk {
  readonly playback = new Playback();
  readonly exporting = new Exporting();
  /** Every camera, for who chooses another. */
  readonly known = new Load<Camera[]>();
  /** The camera that the address names. */
  readonly named = new Load<Camera>();
  camera = $state.raw<Camera | null>(null);
  view = $state.raw<View | undefined>(undefined);
  selection = $state.raw<Span | null>(null);
  hidden = $state.raw<ReadonlySet<string>>(new Set());
  sought = $state.raw<Sought>(ALL);
  tab = $state<Tab>("episodes");
  asking = $state<Asking>(null);
  /** The moment that was asked for last, whether or not there is footage. */
  wished = $state<number | null>(null);
  /** The timeline follows the player until somebody looks elsewhere. */
  isFollowing = $state(true);
  /** Grows whenever episodes or what is kept may have changed. */
  changes = $state(0);
  timeline: Timeline | undefined;
  #asked = "";

  /** Whether a right is held on this camera. */
  may(right: Right): boolean {
    return this.camera?.may?.[right] ?? this.camera !== null;
  }

  /** Thousands of cameras take a while: what is on its way is not begun anew. */
  async loadCameras(): Promise<void> {
    if (!this.known.isLoading) await this.known.run((signal) => cameras({}, signal));
  }

  async loadCamera(media: string): Promise<void> {
    if (this.named.isLoading && media === this.#asked) return;
    this.#asked = media;
    await this.named.run((signal) => camera(media, signal));
  }

  /** What the address has to say. */
  get place(): Place {
    const { playback, view = null, selection, tab, sought } = this;
    return { at: playback.at ?? this.wished, live: playback.mode === "live", view, selection, tab, hidden: [...this.hidden], sought, rate: playback.rate };
  }

  /** Show a camera: at the moment told, else live, else the last that it recorded. */
  show(camera: Camera, place: Place): void {
    const isOther = camera.media !== this.camera?.media;
    this.camera = camera;
    remember(camera.media);
    this.selection = place.selection;
    [this.tab, this.hidden, this.sought] = [place.tab, new Set(place.hidden), place.sought];
    this.playback.speed(place.rate);
    const last = camera.last_ms;
    if (place.view) this.view = place.view;
    else if (isOther) this.view = around(last ?? Date.now());
    const isLive = place.live || (place.at === null && camera.status === "recording");
    if (isLive && this.may("live")) return this.live();
    if (place.at !== null) void this.go(place.at);
    else if (last !== null) void this.go(last - FIRST_MS);
    else this.playback.stop();
  }

  /** Play a moment of the archive. */
  async go(at: number): Promise<void> {
    if (!this.camera) return;
    this.wished = at;
    this.isFollowing = true;
    if (this.playback.media === this.camera.media) await this.playback.seek(at, { play: true });
    else await this.playback.open(this.camera.media, at);
    this.#keepInSight(this.playback.at ?? at);
  }

  /** Once more what did not come. */
  again(): void {
    if (this.playback.mode === "live") this.live();
    else void this.go(this.wished ?? this.playback.at ?? Date.now());
  }

  live(): void {
    if (!this.camera || !this.may("live")) return;
    this.wished = null;
    this.isFollowing = true;
    void this.playback.live(this.camera.media);
    this.#keepInSight(Date.now());
  }

  /** The next or previous episode that the timeline shows. */
  async episode(by: 1 | -1): Promise<void> {
    const at = this.playback.at ?? this.wished ?? Date.now();
    try {
      const found = by > 0 ? await this.timeline?.nextEpisode(at) : await this.timeline?.previousEpisode(at - SECOND);
      if (found) await this.go(startOf(found as Episode));
      else toasts.info(t.noEpisode);
    } catch (error) {
      toasts.failed(error);
    }
  }

  /** Put one end of the selection where the player is. */
  select(end: "from" | "to"): void {
    const at = this.playback.at;
    if (at === null) return;
    const { start_ms, end_ms } = this.selection ?? { start_ms: at, end_ms: at };
    const [from, to] = end === "from" ? [Math.floor(at), Math.max(end_ms, at + LEAST_MS)] : [Math.floor(Math.min(start_ms, at)), Math.ceil(at + 1)];
    this.selection = { start_ms: from, end_ms: Math.max(Math.ceil(to), from + LEAST_MS) };
  }

  /** Ask for something about the selection; without one it is the minute that is watched. */
  ask(what: Exclude<Asking, null>): void {
    const at = this.playback.at;
    if (what !== "goTo" && what !== "cameras" && !this.selection && at !== null) {
      this.selection = { start_ms: Math.floor(at - MINUTE / 2), end_ms: Math.floor(at + MINUTE / 2) };
    }
    if (what === "cameras") void this.loadCameras();
    this.asking = what;
  }

  /** Look for other episodes. */
  seek(change: Partial<Sought>): void {
    this.sought = { ...this.sought, ...change };
  }

  /** People looked elsewhere on the timeline: it stays where they left it. */
  moved(view: View): void {
    const at = this.playback.at;
    if (at !== null && (at < view.from || at > view.to)) this.isFollowing = false;
  }

  /** Something was protected, marked or reviewed: what is shown of it is read again. */
  changed(): void {
    this.changes += 1;
    this.timeline?.reload();
  }

  #keepInSight(at: number): void {
    if (this.view && (at < this.view.from || at > this.view.to)) this.timeline?.centre(at);
  }
}

/** The hour that ends with what was recorded last. */
const around = (last: number): View => ({ from: last - HOUR + 5 * MINUTE, to: last + 5 * MINUTE });
