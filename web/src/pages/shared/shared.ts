/** The camera of a share link, as far as whoever has the link knows it. */

import type { Camera } from "../../lib/api/cameras";

interface Share { media: string; from_ms: number; to_ms: number; export: boolean }

/** A camera with the rights of the link: its window, and its export where that was allowed. */
export function sharedCamera(share: Share): Camera {
  return {
    media: share.media, title: "", enabled: true, depth_ms: null, keep_ms: null, labels: [], time_zone: "",
    may: { live: false, archive: true, export: share.export, protect: false, configure: false }, last_ms: share.to_ms, status: "lost",
  };
}
