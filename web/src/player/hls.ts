/** Plays with hls.js, to the frame: the archive stretch by stretch, each with a decoder of its own, and around what none can decode. */

import type { ErrorData } from "hls.js";
import { livePlaylist } from "../lib/api/footage";
import { Problem, isAborted } from "../lib/api/request";
import { pause } from "../lib/pause";
import type { Engine, Heard } from "./engine";
import { failureOf, remedyOf } from "./failure";
import { fetching, ownOriginOnly } from "./fetching";
import Hls from "./library";
import { loaderOf } from "./loader";
import { RETRY_MS, isAway, patiently } from "./patience";
import { placeIn, recordedAt } from "./playlist";
import { type Bounds, Reel } from "./reel";
import { Sight } from "./sight";
import { type Stretch, stretchAt } from "./stretch";
import { Stumbles } from "./stumbles";
import { brokenBy, isStumble, namedBy, roughly } from "./told";

const BUFFER_S = 30;
const BACK_S = 120;
/** So much of the time line has to be known ahead, at speed 1. */
const KNOWN_S = 240;
/** So long after an element broke hls.js may say over which segment. */
const NAMED_MS = 50;

export class HlsEngine implements Engine {
  readonly #sight: Sight;
  #hls: Hls | null = null;
  #reel: Reel | null = null;
  #stretch = (): Stretch => ({ entries: [], isWhole: false });
  #opening = new AbortController();
  #stumbles = new Stumbles();
  #rate = 1;
  #media = "";

  constructor(private readonly video: HTMLVideoElement, private readonly heard: Heard) {
    this.#sight = new Sight(video, (ms, place) => this.#shown(ms, place), () => this.#hls?.hasEnoughToStart === true);
    video.addEventListener("ended", this.#ended);
    video.addEventListener("error", this.#broken);
  }

  static isPossible = (): boolean => Hls.isSupported();

  async archive(media: string, at: number, bounds: Bounds): Promise<number | null> {
    this.#stop();
    this.#media = media;
    const { signal } = this.#opening;
    const reel = new Reel(fetching(media), Date.now, bounds);
    try {
      const begin = await reel.open(at, signal);
      if (signal.aborted || begin === null) return null;
      this.#unroll(reel, begin);
      return begin;
    } catch (error) {
      if (isAborted(error) || signal.aborted) return null;
      if (!(error instanceof Problem)) throw error;
      this.heard.failed(failureOf(error));
      return null;
    }
  }

  live(media: string): void {
    this.#stop();
    this.#media = media;
    this.#tune();
  }

  seek(ms: number, back = false): number | null {
    const to = recordedAt(this.#reel?.entries ?? [], ms, back);
    if (to === null || !this.#reel || !this.#hls) return null;
    if (recordedAt(this.#stretch().entries, to, back) === null) this.#unroll(this.#reel, to);
    else {
      const place = this.#sight.frames.placeOf(to) ?? roughly(this.#hls, to);
      if (place === null) return null;
      this.#sight.lead(to, place);
    }
    return to;
  }

  get isSettled(): boolean {
    return this.#sight.isSettled;
  }

  step(by: 1 | -1): boolean {
    if (this.#sight.step(by)) return true;
    const ms = this.#sight.shownMs;
    return ms !== null && this.#stepTo(ms, by);
  }

  ahead(rate: number): void {
    this.#rate = Math.max(1, rate);
    this.#sight.fast(this.#rate);
    if (this.#hls) this.#hls.config.maxBufferLength = BUFFER_S * this.#rate;
  }

  destroy(): void {
    this.#stop();
    this.#sight.destroy();
    this.video.removeEventListener("ended", this.#ended);
    this.video.removeEventListener("error", this.#broken);
  }

  #stop(): void {
    this.#opening.abort();
    this.#opening = new AbortController();
    this.#stumbles = new Stumbles();
    this.#empty(null);
    this.#reel = this.#sight.at = null;
  }

  #empty(wanted: number | null): void {
    this.#hls?.destroy();
    this.#hls = null;
    this.#sight.clear(wanted);
  }

  #tune(): void {
    this.#empty(null);
    this.#start(livePlaylist(this.#media), { liveSyncDurationCount: 1.5, maxLiveSyncPlaybackRate: 1.2 });
  }

  /** Play the stretch of a reel in which a moment lies, from that on. */
  #unroll(reel: Reel, begin: number): void {
    this.#empty(begin);
    this.#reel = reel;
    this.#stretch = () => stretchAt(reel, begin);
    const watching = {
      reel, stretch: this.#stretch, wantsMore: () => this.#wantsMore(reel), failed: this.#told, answered: () => this.heard.answered(),
    };
    this.#start("reel:", { pLoader: loaderOf(watching), startPosition: placeIn(this.#stretch().entries, begin) ?? 0 });
  }

  #start(url: string, more: Partial<Hls["config"]>): void {
    const hls = new Hls({
      enableWorker: false, xhrSetup: ownOriginOnly, backBufferLength: BACK_S, maxBufferLength: BUFFER_S * this.#rate, maxMaxBufferLength: 600,
      ...more,
    });
    this.#hls = hls;
    hls.on(Hls.Events.BUFFER_APPENDING, (_event, told) => this.#sight.read(told.data, told.frag.programDateTime, told.offset ?? 0));
    hls.on(Hls.Events.FRAG_BUFFERED, this.#buffered);
    hls.on(Hls.Events.ERROR, (_event, error) => this.#failed(hls, error));
    hls.loadSource(url);
    hls.attachMedia(this.video);
  }

  readonly #buffered = (): void => {
    this.heard.answered();
    this.#sight.settle();
  };

  #shown(ms: number, place: number): void {
    this.#stumbles.seen();
    this.heard.shown(ms, place);
  }

  /** Where a stretch ends, the next one is played. */
  readonly #ended = (): void => {
    const last = this.#stretch().entries.at(-1);
    const next = last && this.#reel?.entries.find((one) => one.start_ms > last.start_ms);
    if (next) this.#anew(() => this.#unroll(this.#reel!, next.start_ms), next.start_ms);
    else this.heard.ended();
  };

  /** The frame after, or before, one at `ms` that is not beside it in the buffer. */
  #stepTo(ms: number, by: 1 | -1): boolean {
    const next = this.#reel?.entries.find((one) => one.start_ms > ms + 1)?.start_ms;
    const to = by > 0 ? next : ms - 1;
    return to !== undefined && this.seek(to, by < 0) !== null;
  }

  #wantsMore(reel: Reel): boolean {
    const last = reel.entries.at(-1);
    const details = this.#hls?.latestLevelDetails;
    return !last || !details || details.edge - this.video.currentTime < KNOWN_S * this.#rate;
  }

  readonly #told = (problem: Problem): void => {
    if (isAway(problem)) this.heard.trouble();
    else this.heard.failed(failureOf(problem));
  };

  #patiently = (run: (signal: AbortSignal) => Promise<void>): Promise<void> => patiently(run, this.#opening.signal, this.#told);

  #failed(hls: Hls, error: ErrorData): void {
    if (this.#hls !== hls) return;
    const remedy = remedyOf({ ...brokenBy(error), isLive: !this.#reel });
    // hls.js stands in the middle of it: what it does yet must find itself in place.
    if (isStumble(error) || (error.fatal && remedy === "recover")) queueMicrotask(() => this.#stumbled(hls, error));
    else if (!error.fatal) return;
    else if (remedy === "again") void this.#again(hls, this.#reel);
    else if (remedy !== "recover") this.heard.failed(remedy);
  }

  readonly #broken = (): void => {
    const hls = this.#hls;
    if (!hls || this.video.error?.code !== MediaError.MEDIA_ERR_DECODE) return;
    setTimeout(() => this.#stumbled(hls, null), NAMED_MS);
  };

  /** A decoder broke: begin it anew where it was, without what it stumbles over. */
  #stumbled(hls: Hls, error: ErrorData | null): void {
    if (this.#hls !== hls) return;
    const [reel, at] = [this.#reel, this.#sight.at ?? 0];
    const bad = this.#stumbles.blame(reel?.entries ?? [], at, error && namedBy(error));
    this.#empty(at);
    if (this.#stumbles.isHopeless) return this.heard.failed({ kind: "damaged", detail: "" });
    if (!reel) return this.#anew(() => this.#tune(), null);
    if (bad !== null) reel.leave(bad);
    void this.#patiently(async (signal) => this.#goOn(reel, await reel.reach(at, signal), signal));
  }

  #goOn(reel: Reel, begin: number | null, signal: AbortSignal): void {
    if (signal.aborted || this.#hls) return;
    if (begin === null) this.heard.failed({ kind: "damaged", detail: "" });
    else this.#anew(() => this.#unroll(reel, begin), begin);
  }

  /** Fill the element anew, which makes it forget whether it played; `to`: the moment it goes on at, null: live. */
  #anew(fill: () => void, to: number | null): void {
    fill();
    this.heard.interrupted(to);
  }

  /** Addresses that grew too old, or a server that is away: once more, as often as it takes. What is at hand is shown meanwhile. */
  async #again(hls: Hls, reel: Reel | null): Promise<void> {
    this.heard.trouble();
    await pause(RETRY_MS, this.#opening.signal);
    if (this.#hls !== hls) return;
    if (reel) await this.#patiently((signal) => this.#reopen(reel.bounds, signal));
    else this.#anew(() => this.#tune(), null);
  }

  /** The archive anew, from the moment that is shown by then. */
  async #reopen(bounds: Bounds, signal: AbortSignal): Promise<void> {
    const at = (): number => this.#sight.wanted ?? this.#sight.frames.msAt(this.video.currentTime) ?? bounds.from_ms;
    const reel = new Reel(fetching(this.#media), Date.now, bounds);
    const begin = await reel.open(at(), signal);
    if (signal.aborted) return;
    if (begin === null) return this.heard.failed({ kind: "nothing", detail: "" });
    const from = recordedAt(reel.entries, at(), false) ?? begin;
    this.#anew(() => this.#unroll(reel, from), from);
  }
}
