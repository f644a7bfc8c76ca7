/** Plays a camera's archive from a moment, or live, in a video element. */

import type Hls from "hls.js/light";
import type { Events } from "hls.js/light";
import { authorization } from "../../lib/api/credentials";
import { archivePlaylist, livePlaylist } from "../../lib/api/footage";
import { HOUR } from "../../lib/times";

export interface Heard { date(at: number): void; failed(details: string, status?: number): void }

/** Begin to play `media`; `from` null: live. Returns what ends it. The player is loaded when it is first wanted. */
export function play(video: HTMLVideoElement, media: string, from: number | null, heard: Heard): () => void {
  let end: (() => void) | null = null;
  let isOver = false;
  void import("hls.js/light").then(({ default: Hls }) => {
    if (!isOver) end = begin(new Hls({ enableWorker: false, liveSyncDurationCount: 2, xhrSetup: ownOriginOnly }));
  });
  return () => {
    isOver = true;
    end?.();
  };

  function begin(hls: Hls): () => void {
    const tell = (): void => void (hls.playingDate && heard.date(hls.playingDate.getTime()));
    hls.on("hlsError" as Events.ERROR, (_event, error) => {
      if (error.fatal) heard.failed(error.details, error.response?.code);
    });
    hls.on("hlsManifestParsed" as Events.MANIFEST_PARSED, () => void video.play().catch(() => undefined));
    hls.loadSource(from === null ? livePlaylist(media) : archivePlaylist(media, from, Math.min(from + HOUR, Date.now())));
    hls.attachMedia(video);
    video.addEventListener("timeupdate", tell);
    return () => {
      video.removeEventListener("timeupdate", tell);
      hls.destroy();
    };
  }
}

/** A share's key goes to our own API; objects carry their right in their address. */
function ownOriginOnly(request: XMLHttpRequest, url: string): void {
  if (new URL(url, location.href).origin !== location.origin) return;
  for (const [name, value] of Object.entries(authorization())) request.setRequestHeader(name, value);
}
