/** Plays the archive from a moment, window after window, or live. */

import Hls from "hls.js/light";
import { authorization, pathOf } from "./api";
import { HOUR } from "./times";

const WINDOW = HOUR;
const RETRY = 3000;

export interface Heard {
  date(at: number): void;
  notice(text: string): void;
}

export class Player {
  private hls: Hls | null = null;
  private until = 0;
  private media = "";

  constructor(private readonly video: HTMLVideoElement, private readonly heard: Heard) {
    video.addEventListener("timeupdate", () => this.tell());
    video.addEventListener("ended", () => this.goOn());
  }

  get playing(): number | null {
    return this.hls?.playingDate?.getTime() ?? null;
  }

  archive(media: string, at: number): void {
    this.media = media;
    this.until = Math.min(at + WINDOW, Date.now());
    if (this.until <= at) return this.live(media);
    this.load(pathOf(media, `archive.m3u8?from_ms=${Math.floor(at)}&to_ms=${Math.ceil(this.until)}`));
  }

  live(media: string): void {
    this.media = media;
    this.until = 0;
    this.load(pathOf(media, "live.m3u8"));
  }

  stop(): void {
    this.hls?.destroy();
    this.hls = null;
  }

  private load(url: string): void {
    this.stop();
    this.heard.notice("");
    const hls = new Hls({ enableWorker: false, liveSyncDurationCount: 2, xhrSetup: ownOriginOnly });
    this.hls = hls;
    hls.on(Hls.Events.ERROR, (_event, error) => {
      if (!error.fatal) return;
      if (error.type === Hls.ErrorTypes.MEDIA_ERROR && error.details !== Hls.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR) {
        return hls.recoverMediaError();
      }
      const isLiveCutOff = this.until === 0 && hls.latestLevelDetails;
      if (isLiveCutOff) return void setTimeout(() => this.hls === hls && this.live(this.media), RETRY);
      this.heard.notice(explain(error.details, error.response?.code));
    });
    hls.on(Hls.Events.MANIFEST_PARSED, () => void this.video.play().catch(() => this.heard.notice("Press play")));
    hls.loadSource(url);
    hls.attachMedia(this.video);
  }

  private goOn(): void {
    if (this.until) this.archive(this.media, this.until);
  }

  private tell(): void {
    const at = this.playing;
    if (at !== null) this.heard.date(at);
  }
}

/** The token goes to our own API; objects carry their right in their address. */
function ownOriginOnly(request: XMLHttpRequest, url: string): void {
  if (new URL(url, location.href).origin === location.origin) request.setRequestHeader("Authorization", authorization());
}

function explain(details: string, code?: number): string {
  if (code === 404) return "Nothing is recorded then";
  if (code === 401) return "The token is no longer good; sign in again";
  if (details.toLowerCase().includes("codec")) return "This browser cannot decode this camera's video";
  return `The video cannot be played (${details})`;
}
