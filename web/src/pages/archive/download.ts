/** Fetches a long file without keeping it in memory, and tells how far it is. */

import { hasBearer } from "../../lib/api/credentials";
import { isAborted, send } from "../../lib/api/request";
import { newFile } from "../../lib/files";
import { give } from "../../player/snapshot";

/** So far: bytes, and 0 to 1 of the time it holds (null: not known). */
export interface Progress { bytes: number; share: number | null }

/** The browser has copied a file to where people keep theirs by then, be it some gigabytes. */
const COPIED_MS = 300_000;

const NAME = /filename\*=UTF-8''([^;]+)/;

/**
 * Fetch into the browser's store and give it to the person; the name is the server's. Without such a store the browser downloads by
 * itself (false), except for a share's key, which only a fetch can send.
 */
export async function download(address: string, length_ms: number, tell: (progress: Progress) => void, signal: AbortSignal): Promise<boolean> {
  const file = await newFile();
  if (!file && !hasBearer()) {
    byBrowser(address);
    return false;
  }
  try {
    const answer = await send(address, { signal, accept: "video/mp4" });
    const name = decodeURIComponent(NAME.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "export.mp4");
    const told = answer.body!.pipeThrough(counting(length_ms, tell));
    give(file ? await stored(told, file.handle, signal) : await new Response(told).blob(), name);
  } catch (error) {
    await file?.free();
    if (!isFull(error) || hasBearer()) throw error;
    byBrowser(address);
    return false;
  }
  if (file) setTimeout(() => void file.free(), COPIED_MS);
  return true;
}

/** Whether the browser's store has no more room, or may not be used after all. */
const isFull = (error: unknown): boolean => error instanceof DOMException && !isAborted(error);

/** Let the browser do it, as with any link. */
export function byBrowser(address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  link.click();
}

/** A file on disk, as a Blob that is read from there. */
async function stored(content: ReadableStream<Uint8Array<ArrayBuffer>>, handle: FileSystemFileHandle, signal: AbortSignal): Promise<Blob> {
  await content.pipeTo(await handle.createWritable(), { signal });
  return new Blob([await handle.getFile()], { type: "video/mp4" });
}

function counting(length_ms: number, tell: (progress: Progress) => void): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  const reached = new Reached();
  let bytes = 0;
  return new TransformStream({
    transform(chunk, out) {
      bytes += chunk.byteLength;
      const ms = reached.read(chunk);
      tell({ bytes, share: ms === null ? null : Math.min(1, ms / length_ms) });
      out.enqueue(chunk);
    },
  });
}

/** How far a fragmented MP4 is that comes in pieces, by the times of its fragments. */
export class Reached {
  #left = 0;
  #head: Uint8Array = new Uint8Array(0);
  #scale: number | null = null;
  #ms: number | null = null;

  /** ms of the last fragment that began; null before the first. */
  read(chunk: Uint8Array): number | null {
    let rest = chunk.subarray(Math.min(this.#left, chunk.byteLength));
    this.#left -= chunk.byteLength - rest.byteLength;
    while (rest.byteLength) {
      const whole = joined(this.#head, rest);
      const [size, type] = whole.byteLength < 8 ? [Infinity, ""] : [sizeOf(whole), String.fromCharCode(...whole.subarray(4, 8))];
      if (type === "mdat") {
        this.#head = new Uint8Array(0);
        this.#left = Math.max(0, size - whole.byteLength);
        rest = whole.subarray(Math.min(size, whole.byteLength));
      } else if (whole.byteLength < size) {
        this.#head = whole;
        return this.#ms;
      } else {
        this.#take(whole.subarray(0, size), type);
        this.#head = new Uint8Array(0);
        rest = whole.subarray(size);
      }
    }
    return this.#ms;
  }

  #take(box: Uint8Array, type: string): void {
    const view = new DataView(box.buffer, box.byteOffset, box.byteLength);
    const scale = type === "moov" ? find(box, "mdhd") : -1;
    if (scale >= 0) this.#scale ??= view.getUint32(scale + (view.getUint8(scale) === 1 ? 20 : 12));
    const time = type === "moof" ? find(box, "tfdt") : -1;
    if (time < 0 || !this.#scale) return;
    this.#ms = (Number(view.getUint8(time) === 1 ? view.getBigUint64(time + 4) : view.getUint32(time + 4)) / this.#scale) * 1000;
  }
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  if (!one.byteLength) return other;
  const both = new Uint8Array(one.byteLength + other.byteLength);
  both.set(one);
  both.set(other, one.byteLength);
  return both;
}

const sizeOf = (data: Uint8Array): number => new DataView(data.buffer, data.byteOffset, 8).getUint32(0) || Infinity;

/** Where the content of the first box of a type begins; -1: there is none. */
function find(box: Uint8Array, type: string): number {
  const wanted = [...type].map((one) => one.charCodeAt(0));
  const at = box.findIndex((_, index) => wanted.every((one, offset) => box[index + offset] === one));
  return at < 0 ? -1 : at + 4;
}
