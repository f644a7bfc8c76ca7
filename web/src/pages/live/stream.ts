/** Plays what a camera shows now, as small as that can be: no index of frames, little behind the picture. */

import type Hls from "hls.js";
import type { ErrorData } from "hls.js";
import { authorization, hasBearer } from "../../lib/api/credentials";
import { livePlaylist } from "../../lib/api/footage";
import { Problem } from "../../lib/api/request";
import { chunk } from "../../lib/chunk";

/** `playing`: a picture is there. `stuck`: it is tried again. `none`: nothing is recorded now, or this browser cannot play it. */
export type StreamState = "opening" | "playing" | "stuck" | "none";

const RETRY_MS = 5000;
const REST_MS = 30_000;
const AHEAD_S = 12;
const BEHIND_S = 8;
const LATEST_S = 20;

/** Play into an element until what comes back is called; `told` hears how that goes. */
export function stream(video: HTMLVideoElement, media: string, told: (now: StreamState) => void): () => void {
  const playing = new Stream(video, media, told);
  return () => playing.end();
}

class Stream {
  #hls: Hls | null = null;
  #timer = 0;
  #isOver = false;
  #recovered = -REST_MS;

  constructor(private readonly video: HTMLVideoElement, private readonly media: string, private readonly told: (now: StreamState) => void) {
    video.muted = true;
    video.addEventListener("playing", this.#plays);
    void this.#open();
  }

  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.video.removeEventListener("playing", this.#plays);
    this.#drop();
    this.video.removeAttribute("src");
    this.video.load();
  }

  async #open(): Promise<void> {
    this.told("opening");
    const Player = await this.#player();
    if (this.#isOver || !Player) return;
    if (!Player.isSupported()) return this.#native();
    const hls = (this.#hls = new Player({
      enableWorker: false, xhrSetup: ownOriginOnly, backBufferLength: BEHIND_S, maxBufferLength: AHEAD_S, maxMaxBufferLength: AHEAD_S,
      liveSyncDurationCount: 1.5, liveMaxLatencyDurationCount: LATEST_S / 2, maxLiveSyncPlaybackRate: 1.2,
    }));
    hls.on(Player.Events.ERROR, (_event, error) => error.fatal && this.#hls === hls && this.#failed(Player, hls, error));
    hls.on(Player.Events.MANIFEST_PARSED, () => this.#play());
    hls.loadSource(livePlaylist(this.media));
    hls.attachMedia(this.video);
  }

  /** hls.js; null while it cannot be fetched: it is tried again. */
  async #player(): Promise<typeof Hls | null> {
    try {
      return (await chunk(() => import("../../player/library"))).default;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (!this.#isOver) this.#again("stuck", RETRY_MS);
      return null;
    }
  }

  #play(): void {
    void this.video.play().catch(() => this.told("stuck"));
  }

  #native(): void {
    if (hasBearer() || this.video.canPlayType("application/vnd.apple.mpegurl") === "") return this.told("none");
    this.video.src = livePlaylist(this.media);
    void this.video.play().catch(() => this.#again("stuck", RETRY_MS));
  }

  #failed(Player: typeof Hls, hls: Hls, error: ErrorData): void {
    const isMedia = error.type === Player.ErrorTypes.MEDIA_ERROR && !/codec/i.test(error.details);
    if (isMedia && performance.now() - this.#recovered > RETRY_MS) {
      this.#recovered = performance.now();
      this.told("opening");
      hls.recoverMediaError();
      return this.#play(); // the element was emptied, and forgot that it played
    }
    const status = error.response?.code;
    if (/codec/i.test(error.details) || status === 403) this.#rest("none");
    else if (status === 404) this.#again("none", REST_MS);
    else this.#again("stuck", RETRY_MS);
  }

  #again(now: StreamState, after: number): void {
    this.#rest(now);
    this.#timer = window.setTimeout(() => void this.#open(), after);
  }

  #rest(now: StreamState): void {
    this.#drop();
    this.told(now);
  }

  #drop(): void {
    this.#hls?.destroy();
    this.#hls = null;
  }

  readonly #plays = (): void => this.told("playing");
}

/** A key goes to our own API; objects carry their right in their address. */
function ownOriginOnly(request: XMLHttpRequest, url: string): void {
  if (new URL(url, location.href).origin !== location.origin) return;
  for (const [name, value] of Object.entries(authorization())) request.setRequestHeader(name, value);
}
