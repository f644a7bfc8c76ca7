/** The camera of a share link, as far as whoever has the link knows it. */

import { type Camera, noMotion } from "../../lib/api/cameras";

interface Share { media: string; from_ms: number; to_ms: number; export: boolean }

/** A camera with the rights of the link: its window, and its export where that was allowed. */
export function sharedCamera(share: Share): Camera {
  return {
    media: share.media, title: "", source: "", enabled: true, audio: "keep", depth_ms: null, keep_ms: null, quota_bytes: null, catch: [], labels: [],
    mail_login: "", mail_password: "", mail_aliases: [], time_zone: "", motion: noMotion, protect: { enabled: false, types: [], before_ms: 0, after_ms: 0 },
    may: { live: false, archive: true, export: share.export, protect: false, configure: false }, configured_ms: null, changed_by: "", last_ms: share.to_ms, status: "lost",
  };
}
