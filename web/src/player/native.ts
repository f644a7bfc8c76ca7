/** Lets the browser play HLS by itself, where hls.js cannot: an hour at a time, exact to about a second. */

import { hasBearer } from "../lib/api/credentials";
import { archivePlaylist, livePlaylist } from "../lib/api/footage";
import { HOUR } from "../lib/times";
import type { Engine, Heard } from "./engine";
import { fetching } from "./fetching";
import { entriesOf, placeIn } from "./playlist";
import { type Bounds, Reel } from "./reel";

interface WithDates extends HTMLVideoElement { getStartDate?: () => Date }
const FRAME_S = 0.04;

export class NativeEngine implements Engine {
  readonly isSettled = true;
  #media = "";
  #bounds: Bounds = { from_ms: 0, to_ms: null };
  #until: number | null = null;
  #opening = new AbortController();

  constructor(private readonly video: WithDates, private readonly heard: Heard) {
    video.addEventListener("timeupdate", this.#tell);
    video.addEventListener("ended", this.#goOn);
    video.addEventListener("error", this.#failed);
  }

  /** Whether this browser can: it plays HLS and needs no key beside its cookie. */
  static isPossible = (video: HTMLVideoElement): boolean => !hasBearer() && video.canPlayType("application/vnd.apple.mpegurl") !== "";

  async archive(media: string, at: number, bounds: Bounds): Promise<number | null> {
    this.#opening.abort();
    const { signal } = (this.#opening = new AbortController());
    const begin = await new Reel(fetching(media), Date.now, bounds).open(at, signal);
    if (begin === null || signal.aborted) return null;
    [this.#media, this.#bounds] = [media, bounds];
    this.#until = Math.min(begin + HOUR, bounds.to_ms ?? Infinity);
    const answer = await fetching(media)(begin, this.#until, signal);
    const place = "text" in answer ? placeIn(entriesOf(answer.text), begin) : 0;
    this.video.src = archivePlaylist(media, begin, this.#until);
    this.video.addEventListener("loadedmetadata", () => void (this.video.currentTime = place ?? 0), { once: true });
    return begin;
  }

  live(media: string): void {
    this.#until = null;
    this.video.src = livePlaylist(media);
  }

  seek(): null {
    return null;
  }

  step(by: 1 | -1): boolean {
    this.video.currentTime += by * FRAME_S;
    return true;
  }

  ahead(): void {
    // The browser decides by itself how much it fetches.
  }

  destroy(): void {
    this.#opening.abort();
    this.video.removeEventListener("timeupdate", this.#tell);
    this.video.removeEventListener("ended", this.#goOn);
    this.video.removeEventListener("error", this.#failed);
    this.video.removeAttribute("src");
    this.video.load();
  }

  readonly #tell = (): void => {
    const begun = this.video.getStartDate?.().getTime() ?? NaN;
    if (Number.isFinite(begun)) this.heard.shown(begun + this.video.currentTime * 1000, this.video.currentTime);
  };

  readonly #goOn = (): void => {
    const next = this.#until;
    if (next === null || next >= Math.min(this.#bounds.to_ms ?? Infinity, Date.now())) return this.heard.ended();
    void this.archive(this.#media, next, this.#bounds).then((found) => (found === null ? this.heard.ended() : this.video.play()));
  };

  readonly #failed = (): void => {
    const isCodec = this.video.error?.code === MediaError.MEDIA_ERR_DECODE || this.video.error?.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED;
    if (this.video.error) this.heard.failed({ kind: isCodec ? "codec" : "other", detail: this.video.error.message });
  };
}
