/** What plays: hls.js where the browser lets it, else the browser by itself. */

import { chunk } from "../lib/chunk";
import type { Failure } from "./failure";
import type { Bounds } from "./reel";

/** What an engine tells of itself. */
export interface Heard {
  /** A frame is shown that was taken at `ms`; `place` is where the video element has it, s. */
  shown(ms: number, place: number): void;
  failed(why: Failure): void;
  /** The server does not answer; it is tried again. */
  trouble(): void;
  /** The server answered. */
  answered(): void;
  /** The element was emptied and is filled anew, and plays no more by itself. It goes on at `to`, UTC ms; null: live. */
  interrupted(to: number | null): void;
  /** Nothing comes after what was played. */
  ended(): void;
}

export interface Engine {
  /** Show the picture of a moment, or of the next footage after it; comes back with that moment, null where nothing is. */
  archive(media: string, at: number, bounds: Bounds): Promise<number | null>;
  live(media: string): void;
  /** Go to a moment that is at hand; in a hole to where footage goes on (`back`: where it ended). Answers where to; null: not at hand. */
  seek(ms: number, back?: boolean): number | null;
  /** Whether the very frame is shown that was asked for last. */
  readonly isSettled: boolean;
  /** Show the next (1) or the previous (-1) frame; false: there is none at hand. */
  step(by: 1 | -1): boolean;
  /** How fast it will be watched, for how much is fetched ahead. */
  ahead(rate: number): void;
  destroy(): void;
}

/** What plays in this browser: hls.js, fetched when it is first needed; the browser by itself; null: nothing can. Throws Problem while it cannot be fetched. */
export async function engineFor(video: HTMLVideoElement, heard: Heard): Promise<Engine | null> {
  const { HlsEngine } = await chunk(() => import("./hls"));
  if (HlsEngine.isPossible()) return new HlsEngine(video, heard);
  const { NativeEngine } = await chunk(() => import("./native"));
  return NativeEngine.isPossible(video) ? new NativeEngine(video, heard) : null;
}
