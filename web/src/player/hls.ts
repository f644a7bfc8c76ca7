/** Plays with hls.js, to the frame: it reads from what is appended when each frame is shown. */

import type { ErrorData, Fragment } from "hls.js";
import { livePlaylist } from "../lib/api/footage";
import { Problem, isAborted } from "../lib/api/request";
import { pause } from "../lib/pause";
import { type Track, shownIn, videoTrack } from "./boxes";
import type { Engine, Heard } from "./engine";
import { failureOf, remedyOf } from "./failure";
import { fetching, ownOriginOnly } from "./fetching";
import { Frames } from "./frames";
import Hls from "./library";
import { loaderOf } from "./loader";
import { Pace, bufferedAfter } from "./pace";
import { placeIn, recordedAt } from "./playlist";
import { type Bounds, Reel } from "./reel";
import { isFast } from "./speeds";

const BUFFER_S = 30;
const BACK_S = 120;
/** So much of the time line has to be known ahead, at speed 1. */
const KNOWN_S = 240;
const RETRY_MS = 3000;
/** A decoder that stumbles again so soon will not do. */
const RECOVERY_MS = 5000;
const SETTLED_S = 0.001;

export class HlsEngine implements Engine {
  readonly frames = new Frames();
  #hls: Hls | null = null;
  #reel: Reel | null = null;
  #opening = new AbortController();
  #track: Track | null = null;
  #wanted: number | null = null;
  #shown: number | null = null;
  #rate = 1;
  #media = "";
  #recovered = 0;
  #watch = 0;
  #pace = new Pace();

  constructor(private readonly video: HTMLVideoElement, private readonly heard: Heard) {
    video.addEventListener("seeked", this.#seeked);
    video.addEventListener("ended", this.#ended);
    this.#look();
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
    this.#start(livePlaylist(media), { liveSyncDurationCount: 1.5, maxLiveSyncPlaybackRate: 1.2 });
  }

  seek(ms: number, back = false): number | null {
    const to = recordedAt(this.#reel?.entries ?? [], ms, back);
    const place = to === null ? null : (this.frames.placeOf(to) ?? this.#roughly(to));
    if (to === null || place === null) return null;
    this.#wanted = to;
    this.#pace.forget();
    this.video.currentTime = place;
    this.#settle();
    return to;
  }

  get isSettled(): boolean {
    return this.#wanted === null && !this.video.seeking;
  }

  step(by: 1 | -1): boolean {
    const from = this.#shown ?? this.video.currentTime;
    const place = this.frames.beside(from, by);
    if (place !== null) {
      this.#wanted = null;
      this.#shown = place;
      this.video.currentTime = place;
      return true;
    }
    const ms = this.frames.msAt(from);
    return ms !== null && this.#stepTo(ms, by);
  }

  ahead(rate: number): void {
    this.#rate = Math.max(1, rate);
    this.#pace.forget();
    if (this.#hls) this.#hls.config.maxBufferLength = BUFFER_S * this.#rate;
  }

  destroy(): void {
    this.#stop();
    this.video.cancelVideoFrameCallback?.(this.#watch);
    this.video.removeEventListener("seeked", this.#seeked);
    this.video.removeEventListener("ended", this.#ended);
  }

  #stop(): void {
    this.#opening.abort();
    this.#opening = new AbortController();
    this.#hls?.destroy();
    this.#hls = this.#reel = this.#track = this.#wanted = this.#shown = null;
    this.frames.clear();
  }

  #unroll(reel: Reel, begin: number): void {
    this.#reel = reel;
    this.#wanted = begin;
    const watching = { reel, wantsMore: () => this.#wantsMore(reel), failed: (problem: Problem) => this.#told(problem), answered: () => this.heard.answered() };
    this.#start("reel:", { pLoader: loaderOf(watching), startPosition: placeIn(reel.entries, begin) ?? 0 });
  }

  #start(url: string, more: Partial<Hls["config"]>): void {
    const hls = new Hls({
      enableWorker: false, xhrSetup: ownOriginOnly, backBufferLength: BACK_S, maxBufferLength: BUFFER_S * this.#rate, maxMaxBufferLength: 600,
      ...more,
    });
    this.#hls = hls;
    hls.on(Hls.Events.BUFFER_APPENDING, (_event, told) => this.#read(told.data, told.frag, told.offset ?? 0));
    hls.on(Hls.Events.FRAG_BUFFERED, this.#buffered);
    hls.on(Hls.Events.ERROR, (_event, error) => error.fatal && this.#hls === hls && this.#failed(hls, error));
    hls.loadSource(url);
    hls.attachMedia(this.video);
  }

  /** Every frame that is put into the buffer, with the time it was taken; `offset`: how far the buffer moves them, s. */
  #read(data: Uint8Array, frag: Fragment, offset: number): void {
    const track = videoTrack(data);
    if (track) this.#track = track;
    else if (this.#track && frag.programDateTime) {
      const { times, keys } = shownIn(data, this.#track);
      this.frames.add({ start_ms: frag.programDateTime, times: times.map((one) => one + offset), keys });
    }
  }

  readonly #buffered = (): void => {
    this.heard.answered();
    this.#settle();
  };

  /** Go to the very frame, as soon as it is known where it lies. */
  readonly #settle = (): void => {
    if (this.#wanted === null || !this.#hls?.hasEnoughToStart) return;
    const place = this.frames.placeOf(this.#wanted);
    if (place === null) return;
    this.#wanted = null;
    if (Math.abs(this.video.currentTime - place) > SETTLED_S) this.video.currentTime = place;
  };

  readonly #seeked = (): void => {
    this.#settle();
    if (!this.video.seeking) this.#tell(this.video.currentTime);
  };

  readonly #ended = (): void => this.heard.ended();

  #look(): void {
    this.#watch = this.video.requestVideoFrameCallback((_now, frame) => {
      // While it seeks, this may still be a picture of before; what came of it is told when it is done.
      if (!this.video.seeking) this.#tell(frame.mediaTime);
      if (isFast(this.#rate)) this.#keepUp(frame.mediaTime);
      this.#look();
    });
  }

  #tell(place: number): void {
    this.#shown = place;
    const ms = this.frames.msAt(place);
    if (ms !== null && this.#wanted === null) this.heard.shown(ms, place);
  }

  #keepUp(place: number): void {
    if (this.video.paused || this.video.seeking) return this.#pace.forget();
    const ahead = bufferedAfter(this.video, place);
    const to = this.#pace.look(performance.now(), place, ahead, this.#rate);
    const key = to === null ? null : this.frames.keyFrom(to);
    if (key !== null && key < place + ahead) this.video.currentTime = key;
  }

  /** Where a moment lies by what the playlist says. */
  #roughly(ms: number): number | null {
    const fragments = this.#hls?.latestLevelDetails?.fragments ?? [];
    const found = fragments.findLast((one) => one.programDateTime !== null && one.programDateTime <= ms);
    return found ? found.start + Math.min((ms - found.programDateTime!) / 1000, found.duration - SETTLED_S) : null;
  }

  /** The frame after, or before, one at `ms` that is not beside it in the buffer. */
  #stepTo(ms: number, by: 1 | -1): boolean {
    const entries = this.#reel?.entries ?? [];
    const next = entries.find((one) => one.start_ms > ms + 1)?.start_ms;
    const to = by > 0 ? next : ms - 1;
    return to !== undefined && this.seek(to, by < 0) !== null;
  }

  #wantsMore(reel: Reel): boolean {
    const last = reel.entries.at(-1);
    const details = this.#hls?.latestLevelDetails;
    return !last || !details || details.edge - this.video.currentTime < KNOWN_S * this.#rate;
  }

  #told(problem: Problem): void {
    if (isAway(problem)) this.heard.trouble();
    else this.heard.failed(failureOf(problem));
  }

  #failed(hls: Hls, error: ErrorData): void {
    const isLive = !this.#reel;
    const [isMedia, isNetwork] = [error.type === Hls.ErrorTypes.MEDIA_ERROR, error.type === Hls.ErrorTypes.NETWORK_ERROR];
    const remedy = remedyOf({ isMedia, isNetwork, details: error.details, status: error.response?.code, isLive });
    if (remedy === "again") return void this.#again(hls, isLive);
    if (remedy !== "recover") return this.heard.failed(remedy);
    if (performance.now() - this.#recovered < RECOVERY_MS) return this.heard.failed({ kind: "other", detail: error.details });
    this.#recovered = performance.now();
    this.#anew(() => hls.recoverMediaError());
  }

  /** Fill the element anew. That makes it forget whether it played, and say nothing of it. */
  #anew(fill: () => void): void {
    const isPlaying = !this.video.paused;
    fill();
    if (isPlaying) this.heard.interrupted();
  }

  /** Addresses that grew too old, or a server that is away: once more, as often as it takes. What is at hand is shown meanwhile. */
  async #again(hls: Hls, isLive: boolean): Promise<void> {
    const { signal } = this.#opening;
    this.heard.trouble();
    await pause(RETRY_MS, signal);
    if (this.#hls !== hls) return;
    if (isLive) return this.#anew(() => this.live(this.#media));
    try {
      await this.#reopen(this.#reel!.bounds, signal);
    } catch (error) {
      if (isAborted(error) || signal.aborted) return;
      if (!(error instanceof Problem)) throw error;
      if (isAway(error)) return this.#again(hls, isLive);
      this.heard.failed(failureOf(error));
    }
  }

  /** The archive anew, from the moment that is shown by then. */
  async #reopen(bounds: Bounds, signal: AbortSignal): Promise<void> {
    const at = (): number => this.#wanted ?? this.frames.msAt(this.video.currentTime) ?? bounds.from_ms;
    const reel = new Reel(fetching(this.#media), Date.now, bounds);
    const begin = await reel.open(at(), signal);
    if (signal.aborted) return;
    if (begin === null) return this.heard.failed({ kind: "nothing", detail: "" });
    this.#anew(() => {
      const from = recordedAt(reel.entries, at(), false) ?? begin;
      this.#stop();
      this.#unroll(reel, from);
    });
  }
}

const isAway = ({ status }: Problem): boolean => status === 0 || status >= 500;
