/** Begins to play, within what browsers allow. */

/** Play; false: only without sound, because browsers let nothing with sound begin by itself. */
export async function started(video: HTMLVideoElement): Promise<boolean> {
  try {
    await video.play();
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    if (error.name !== "NotAllowedError" || video.muted) return true;
    video.muted = true;
    await video.play().catch(() => undefined); // then it stays paused, and its button says so
    return false;
  }
  return true;
}
