/** Keeps the picture that is shown as a file. */

import { toasts } from "../../lib/toasts.svelte";
import { fileName, give, pictureOf } from "../../player/snapshot";
import type { Playback } from "../../player/playback.svelte";
import { t } from "./words";

/** A PNG of the frame, named after the camera and the moment it was taken. */
export async function saveSnapshot({ video, media, at }: Playback): Promise<void> {
  const picture = video && media !== null && at !== null ? await pictureOf(video, "image/png") : null;
  if (!picture) return toasts.info(t.noFrame);
  const name = fileName(media!, at!, "png");
  give(picture, name);
  toasts.good(t.saved(name));
}
