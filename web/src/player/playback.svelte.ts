/** What is watched: one camera's archive or its live picture, in a video element, and how that goes. */

import { Problem } from "../lib/api/request";
import { MINUTE, SECOND } from "../lib/times";
import { type Engine, type Heard, engineFor } from "./engine";
import { type Failure, failureOf } from "./failure";
import { lastBefore } from "./fetching";
import type { Bounds } from "./reel";
import { isSilent } from "./speeds";
import { started } from "./started";

export interface Skipped { start_ms: number; end_ms: number }

const SOUND = "sightlog.sound";
const EVERYTHING: Bounds = { from_ms: 0, to_ms: null };
/** Holes shorter than this are not worth a word. */
const WORTH_MS = SECOND;
const LOOK_MS = 20;
const PATIENCE_MS = 10 * SECOND;

export class Playback {
  media = $state<string | null>(null);
  mode = $state<"idle" | "archive" | "live">("idle");
  /** When the picture was taken that is shown, UTC ms. */
  at = $state<number | null>(null);
  isPaused = $state(true);
  /** Something is on its way. */
  isWaiting = $state(false);
  /** The server does not answer; it is tried again. */
  isCutOff = $state(false);
  /** Everything that is recorded was played. */
  isOver = $state(false);
  why = $state.raw<Failure | null>(null);
  /** The hole that was jumped over last. */
  skipped = $state.raw<Skipped | null>(null);
  rate = $state(1);
  isMuted = $state(localStorage.getItem(SOUND) !== "on");
  bounds = EVERYTHING;
  #video: HTMLVideoElement | null = null;
  #engine: Engine | null = null;
  #making: Promise<Engine | null> | null = null;
  /** What was asked for before there was an element. */
  #wanted: (() => void) | null = null;
  #place = 0;
  /** Somebody wants it to play; an element that is emptied forgets that. */
  #isMeant = false;
  #isSought = true;
  #opened = 0;

  /** Use a video element; returns what gives it back. */
  attach(video: HTMLVideoElement): () => void {
    this.#video = video;
    const wanted = this.#wanted;
    this.#wanted = null;
    const events = { play: this.#tell, pause: this.#paused, waiting: this.#wait, seeking: this.#wait, playing: this.#tell, seeked: this.#tell, canplay: this.#tell, emptied: this.#tell };
    for (const [name, run] of Object.entries(events)) video.addEventListener(name, run);
    this.#apply();
    wanted?.();
    return () => {
      for (const [name, run] of Object.entries(events)) video.removeEventListener(name, run);
      this.stop();
      this.#video = null;
    };
  }

  get video(): HTMLVideoElement | null {
    return this.#video;
  }

  /** Show a moment of the archive, or where footage goes on after it (`back`: where it ended before it). */
  async open(media: string, at: number, { play = true, back = false } = {}): Promise<void> {
    if (!this.#video) return void (this.#wanted = () => void this.open(media, at, { play, back }));
    const mine = ++this.#opened;
    const engine = await this.#begin(media, "archive", at);
    if (!engine || mine !== this.#opened) return;
    let found = await engine.archive(media, at, this.bounds);
    const before = back && found !== at && mine === this.#opened && !this.why ? await lastBefore(media, at, this.bounds) : null;
    if (before !== null) found = await engine.archive(media, before - 1, this.bounds);
    if (mine !== this.#opened || this.why) return;
    if (found === null) return this.#failed({ kind: "nothing", detail: "" });
    this.at = found;
    if (found - at > WORTH_MS) this.skipped = { start_ms: at, end_ms: found };
    if (play) await this.#begun(engine, mine);
  }

  async live(media: string): Promise<void> {
    if (!this.#video) return void (this.#wanted = () => void this.live(media));
    const mine = ++this.#opened;
    this.speed(1);
    const engine = await this.#begin(media, "live", null);
    if (!engine || mine !== this.#opened) return;
    engine.live(media);
    await this.play();
  }

  /** Go to a moment of the camera that is watched; left out, it plays on if it played. */
  async seek(ms: number, { back = false, play = !this.isPaused || this.isOver || this.mode !== "archive" } = {}): Promise<void> {
    if (this.media === null) return;
    const engine = this.#engine;
    const to = engine && this.mode === "archive" && !this.why ? engine.seek(ms, back) : null;
    if (!engine || to === null) return this.open(this.media, ms, { play, back });
    this.#isSought = true;
    this.isOver = false;
    this.at = to;
    this.skipped = to - ms > WORTH_MS ? { start_ms: ms, end_ms: to } : null;
    if (play) await this.#begun(engine, ++this.#opened);
  }

  /** So many ms on, or back. */
  async skip(by: number): Promise<void> {
    if (this.at !== null) await this.seek(Math.min(this.at + by, Date.now()), { back: by < 0 });
  }

  /** Show the next (1) or previous (-1) frame, and stop there. */
  async step(by: 1 | -1): Promise<void> {
    this.#pause();
    if (this.at === null || !this.#engine) return;
    this.#isSought = true;
    if (!this.#engine.step(by) && by < 0 && this.media !== null) await this.open(this.media, this.at - 1, { play: false, back: true });
  }

  async play(): Promise<void> {
    const video = this.#video;
    if (!video) return;
    this.#isMeant = true;
    this.#apply();
    if (await started(video)) return;
    this.isMuted = true;
    this.#tell();
  }

  toggle(): void {
    if (this.isOver && this.media !== null && this.at !== null) void this.open(this.media, this.at - MINUTE);
    else if (this.isPaused) void this.play();
    else this.#pause();
  }

  #pause(): void {
    this.#isMeant = false;
    this.#video?.pause();
    this.#tell();
  }

  speed(rate: number): void {
    this.rate = rate;
    this.#engine?.ahead(rate);
    this.#apply();
  }

  sound(isOn = this.isMuted): void {
    this.isMuted = !isOn;
    localStorage.setItem(SOUND, isOn ? "on" : "off");
    this.#apply();
  }

  stop(): void {
    this.#opened += 1;
    void this.#making?.then((engine) => engine?.destroy());
    this.#engine = this.#making = null;
    [this.mode, this.media, this.at, this.why, this.skipped] = ["idle", null, null, null, null];
    [this.isWaiting, this.isOver, this.isCutOff] = [false, false, false];
  }

  /** Play from the very frame that was asked for: not before it is shown, unless that takes too long. */
  async #begun(engine: Engine, mine: number): Promise<void> {
    if (!engine.isSettled) this.#pause();
    for (let waited = 0; !engine.isSettled && waited < PATIENCE_MS; waited += LOOK_MS) await new Promise((done) => setTimeout(done, LOOK_MS));
    if (mine === this.#opened && !this.why) await this.play();
  }

  async #begin(media: string, mode: "archive" | "live", at: number | null): Promise<Engine | null> {
    if (!this.#video) return null;
    [this.media, this.mode, this.at, this.why, this.skipped] = [media, mode, at, null, null];
    [this.isWaiting, this.isOver, this.isCutOff, this.#isSought] = [true, false, false, true];
    const making = (this.#making ??= engineFor(this.#video, this.#heard));
    try {
      const engine = await making;
      if (this.#making !== making) return null;
      this.#engine = engine;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (this.#making === making) this.#unmade(error);
      return null;
    }
    if (!this.#engine) this.#failed({ kind: "browser", detail: "" });
    this.#engine?.ahead(this.rate);
    return this.#engine;
  }

  /** It did not come; the next time it is asked for again. */
  #unmade(problem: Problem): void {
    this.#making = null;
    this.#failed(failureOf(problem));
  }

  readonly #heard: Heard = {
    shown: (ms, place) => this.#shown(ms, place),
    failed: (why) => this.#failed(why),
    trouble: () => (this.isCutOff = true),
    answered: () => (this.isCutOff = false),
    interrupted: (to) => this.#interrupted(to),
    ended: () => ([this.isOver, this.isWaiting] = [true, false]),
  };

  #interrupted(to: number | null): void {
    if (to !== null && this.at !== null && to - this.at > WORTH_MS) this.skipped = { start_ms: this.at, end_ms: to };
    this.#isSought = true;
    if (this.#isMeant) void this.play();
  }

  #shown(ms: number, place: number): void {
    const went = (place - this.#place) * SECOND;
    const hole = this.at === null ? 0 : ms - this.at - went;
    if (!this.#isSought && hole > WORTH_MS && this.mode === "archive") this.skipped = { start_ms: this.at!, end_ms: ms };
    [this.at, this.#place, this.#isSought] = [ms, place, false];
  }

  #failed(why: Failure): void {
    this.why = why;
    this.isWaiting = false;
    this.#pause();
  }

  #apply(): void {
    if (!this.#video) return;
    this.#video.playbackRate = this.#video.defaultPlaybackRate = this.rate;
    this.#video.muted = this.isMuted || isSilent(this.rate);
  }

  readonly #tell = (): void => {
    const video = this.#video;
    if (!video) return;
    this.isPaused = video.paused && !(this.#isMeant && this.#engine?.isSettled === false);
    this.isWaiting = this.mode !== "idle" && !this.why && !this.isOver && video.readyState < video.HAVE_CURRENT_DATA;
  };

  readonly #paused = (): void => {
    const video = this.#video;
    // Where footage ends, breaks or is being put in, too, it is paused, and not by anybody.
    if (video?.paused && !video.ended && !video.error && video.readyState >= video.HAVE_METADATA) this.#isMeant = false;
    this.#tell();
  };

  readonly #wait = (): void => {
    this.isWaiting = !this.why && !this.isOver;
  };
}
