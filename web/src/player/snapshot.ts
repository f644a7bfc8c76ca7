/** The picture that is shown, as a file. */

/** A file's name for a moment of a camera; only what every file system takes. */
export function fileName(media: string, ms: number, ending: string): string {
  const plain = media.replace(/[^\p{Letter}\p{Number} ._-]/gu, "_");
  return `${plain} ${new Date(ms).toISOString().replaceAll(":", "-").replace(".", "-")}.${ending}`;
}

/** The frame that is shown, in full size; null before there is one. */
export async function pictureOf(video: HTMLVideoElement, type: "image/png" | "image/jpeg"): Promise<Blob | null> {
  if (!video.videoWidth) return null;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext("2d")!.drawImage(video, 0, 0);
  return new Promise((done) => canvas.toBlob(done, type, 0.92));
}

/** Give a file to the person, as a download. */
export function give(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
