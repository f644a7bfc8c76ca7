/** Reads from fragmented MP4 what a player needs to hit one frame: when each is shown, and which are key frames. */

const TFHD_DURATION = 0x8, TFHD_FLAGS = 0x20;
const TRUN_OFFSET = 0x1, TRUN_FIRST = 0x4, TRUN_DURATION = 0x100, TRUN_SIZE = 0x200, TRUN_FLAGS = 0x400, TRUN_SHIFT = 0x800;
const NO_SYNC = 0x10000;
const INSIDE = ["moov", "trak", "mdia", "mvex", "moof", "traf"];

/** The video track of an initialisation section; `duration` and `flags` are those of samples that say nothing else. */
export interface Track { id: number; timescale: number; duration: number; flags: number }

/** When frames are shown, s on the media's own time line, in this order; `keys` are the indices of key frames. */
export interface Shown { times: number[]; keys: number[] }

interface Box { type: string; view: DataView }

/** The video track; null where the data begins no video. */
export function videoTrack(data: Uint8Array): Track | null {
  const found = { id: 0, timescale: 0, isVideo: false };
  let track: Track | null = null;
  for (const { type, view } of boxes(data)) {
    const wide = view.byteLength > 0 && view.getUint8(0) === 1;
    if (type === "tkhd") found.id = view.getUint32(wide ? 20 : 12);
    if (type === "mdhd") found.timescale = view.getUint32(wide ? 20 : 12);
    if (type === "hdlr" && view.getUint32(8) === 0x76696465) track = { id: found.id, timescale: found.timescale, duration: 0, flags: 0 };
    if (type === "trex" && track?.id === view.getUint32(4)) track = { ...track, duration: view.getUint32(12), flags: view.getUint32(20) };
  }
  return track;
}

/** Every frame of a track in a fragment, or in several. */
export function shownIn(data: Uint8Array, track: Track): Shown {
  const found: { at: number; key: boolean }[] = [];
  let now = { isOurs: false, at: 0, duration: track.duration, flags: track.flags };
  for (const { type, view } of boxes(data)) {
    if (type === "tfhd") now = { ...now, ...header(view, track) };
    else if (type === "tfdt") now.at = view.getUint8(0) === 1 ? Number(view.getBigUint64(4)) : view.getUint32(4);
    else if (type === "trun" && now.isOurs) now.at = run(view, now, found);
  }
  found.sort((one, other) => one.at - other.at);
  return { times: found.map((one) => one.at / track.timescale), keys: found.flatMap((one, index) => (one.key ? [index] : [])) };
}

/** All boxes, those inside others after these. */
function* boxes(data: Uint8Array): Generator<Box> {
  let at = 0;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  while (at + 8 <= data.byteLength) {
    const short = view.getUint32(at);
    const head = short === 1 ? 16 : 8;
    const size = short === 1 ? Number(view.getBigUint64(at + 8)) : short || data.byteLength - at;
    if (size < head || at + size > data.byteLength) return;
    const type = String.fromCharCode(...data.subarray(at + 4, at + 8));
    const body = data.subarray(at + head, at + size);
    yield { type, view: new DataView(body.buffer, body.byteOffset, body.byteLength) };
    if (INSIDE.includes(type)) yield* boxes(body);
    at += size;
  }
}

const flagsOf = (view: DataView): number => view.getUint32(0) & 0xffffff;

function header(view: DataView, track: Track): { isOurs: boolean; duration: number; flags: number } {
  const given = flagsOf(view);
  let at = 8 + (given & 0x1 ? 8 : 0) + (given & 0x2 ? 4 : 0);
  const duration = given & TFHD_DURATION ? view.getUint32(at) : track.duration;
  at += (given & TFHD_DURATION ? 4 : 0) + (given & 0x10 ? 4 : 0);
  return { isOurs: view.getUint32(4) === track.id, duration, flags: given & TFHD_FLAGS ? view.getUint32(at) : track.flags };
}

/** Adds the samples of one run; answers when the next would be decoded. */
function run(view: DataView, from: { at: number; duration: number; flags: number }, found: { at: number; key: boolean }[]): number {
  const given = flagsOf(view);
  const count = view.getUint32(4);
  let place = 8 + (given & TRUN_OFFSET ? 4 : 0);
  const first = given & TRUN_FIRST ? view.getUint32(place) : null;
  place += given & TRUN_FIRST ? 4 : 0;
  const next = (): number => view.getUint32((place += 4) - 4);
  let { at } = from;
  for (let index = 0; index < count; index++) {
    const duration = given & TRUN_DURATION ? next() : from.duration;
    if (given & TRUN_SIZE) next();
    const own = given & TRUN_FLAGS ? next() : from.flags;
    const shift = given & TRUN_SHIFT ? next() | 0 : 0;
    found.push({ at: at + shift, key: !((index === 0 && first !== null ? first : own) & NO_SYNC) });
    at += duration;
  }
  return at;
}
