/** Knows which frame is on the screen, and leads to the very frame that is wanted: it reads from what is appended when each is shown. */

import { type Track, shownIn, videoTrack } from "./boxes";
import type { Heard } from "./engine";
import { Frames } from "./frames";
import { Pace, bufferedAfter } from "./pace";
import { isFast } from "./speeds";

const SETTLED_S = 0.001;

export class Sight {
  readonly frames = new Frames();
  /** The moment that is to be shown; null once it is. */
  wanted: number | null = null;
  /** The moment that is shown, or wanted since, UTC ms. */
  at: number | null = null;
  #track: Track | null = null;
  #shown: number | null = null;
  #rate = 1;
  #watch = 0;
  #pace = new Pace();

  /** `isReady`: whether the player would go where it is led. */
  constructor(private readonly video: HTMLVideoElement, private readonly tell: Heard["shown"], private readonly isReady: () => boolean) {
    video.addEventListener("seeked", this.#seeked);
    this.#look();
  }

  get isSettled(): boolean {
    return this.wanted === null && !this.video.seeking;
  }

  /** When the frame was taken that is shown, UTC ms; null where that is not known. */
  get shownMs(): number | null {
    return this.frames.msAt(this.#shown ?? this.video.currentTime);
  }

  /** Go to a moment that lies at a place, or about there. */
  lead(ms: number, place: number): void {
    this.at = this.wanted = ms;
    this.#pace.forget();
    this.video.currentTime = place;
    this.settle();
  }

  /** Show the frame beside; false where that is not loaded. */
  step(by: 1 | -1): boolean {
    const place = this.frames.beside(this.#shown ?? this.video.currentTime, by);
    if (place === null) return false;
    this.wanted = null;
    this.#shown = place;
    this.video.currentTime = place;
    return true;
  }

  fast(rate: number): void {
    this.#rate = rate;
    this.#pace.forget();
  }

  /** Every frame that is put into the buffer; `start_ms`: when the first was taken; `offset`: how far the buffer moves them, s. */
  read(data: Uint8Array, start_ms: number | null, offset: number): void {
    const track = videoTrack(data);
    if (track) this.#track = track;
    else if (this.#track && start_ms) {
      const { times, keys } = shownIn(data, this.#track);
      this.frames.add({ start_ms, times: times.map((one) => one + offset), keys });
    }
  }

  /** Go to the very frame, as soon as it is known where it lies. */
  settle(): void {
    if (this.wanted === null || !this.isReady()) return;
    const place = this.frames.placeOf(this.wanted);
    if (place === null) return;
    this.wanted = null;
    if (Math.abs(this.video.currentTime - place) > SETTLED_S) this.video.currentTime = place;
  }

  /** Something else is put into the buffer; `wanted`: what is to be shown then. */
  clear(wanted: number | null): void {
    this.#track = this.#shown = null;
    this.wanted = wanted;
    this.at = wanted ?? this.at;
    this.frames.clear();
  }

  destroy(): void {
    this.video.cancelVideoFrameCallback?.(this.#watch);
    this.video.removeEventListener("seeked", this.#seeked);
  }

  readonly #seeked = (): void => {
    this.settle();
    if (!this.video.seeking) this.#tell(this.video.currentTime);
  };

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
    if (ms === null || this.wanted !== null) return;
    this.at = ms;
    this.tell(ms, place);
  }

  #keepUp(place: number): void {
    if (this.video.paused || this.video.seeking) return this.#pace.forget();
    const ahead = bufferedAfter(this.video, place);
    const to = this.#pace.look(performance.now(), place, ahead, this.#rate);
    const key = to === null ? null : this.frames.keyFrom(to);
    if (key !== null && key < place + ahead) this.video.currentTime = key;
  }
}
