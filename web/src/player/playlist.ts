/** Playlists as the API writes them, read into segments and written as one that grows: windows of the archive, stitched. */

/** One segment: when it was recorded, the lines that name its bytes, and what it needs before it. */
export interface Entry {
  start_ms: number; end_ms: number;
  /** EXTINF, BYTERANGE and address, as they came. */
  lines: readonly string[];
  /** The EXT-X-MAP line in force. */
  map: string;
  /** Another run, another format or a hole stands before it. */
  breaks: boolean;
  /** Which decoders it needs, such as `avc1,mp4a`; empty where the playlist does not say. */
  kind: string;
}

const CODECS = /,X-CODECS="([^"]*)"/;

/** The segments of a playlist. Breaks are those it tells; its first segment has none before it. */
export function entriesOf(text: string): Entry[] {
  const found: Entry[] = [];
  let [map, kind, breaks, at, length] = ["", "", false, 0, 0];
  let lines: string[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("#EXT-X-MAP:")) [map, kind] = [line, kindOf(CODECS.exec(line)?.[1] ?? "")];
    else if (line === "#EXT-X-DISCONTINUITY") breaks = true;
    else if (line.startsWith("#EXT-X-PROGRAM-DATE-TIME:")) at = Date.parse(line.slice(25));
    else if (line.startsWith("#EXTINF:")) {
      length = parseFloat(line.slice(8)) * 1000;
      lines = [line];
    } else if (line.startsWith("#EXT-X-BYTERANGE:")) lines.push(line);
    else if (line && !line.startsWith("#")) {
      found.push({ start_ms: at, end_ms: at + length, lines: [...lines, line], map, breaks, kind });
      breaks = false;
    }
  }
  return found;
}

/** Codecs without their profiles, between which decoders change by themselves. */
const kindOf = (codecs: string): string => codecs.split(",").map((one) => one.trim().split(".")[0]).join();

/**
 * `known` and what a later window adds to it. The window begins with the last segment known, so it tells itself whether what
 * follows goes on unbroken; where that segment is gone, a break is assumed.
 */
export function stitched(known: readonly Entry[], later: readonly Entry[]): Entry[] {
  const last = known.at(-1);
  if (!last) return [...later];
  const at = later.findIndex((one) => one.start_ms === last.start_ms);
  const more = at >= 0 ? later.slice(at + 1) : later.filter((one) => one.start_ms >= last.end_ms - 1);
  const [first, ...rest] = more;
  if (!first) return [...known];
  return [...known, at >= 0 ? first : { ...first, breaks: true }, ...rest];
}

/** The playlist of these segments; players ask again while it is not `whole`. */
export function playlistOf(entries: readonly Entry[], whole: boolean): string {
  const longest = Math.max(1, ...entries.map((one) => Math.ceil((one.end_ms - one.start_ms) / 1000)));
  const lines = ["#EXTM3U", "#EXT-X-VERSION:7", `#EXT-X-TARGETDURATION:${longest}`, "#EXT-X-MEDIA-SEQUENCE:0"];
  lines.push(`#EXT-X-PLAYLIST-TYPE:${whole ? "VOD" : "EVENT"}`, "#EXT-X-INDEPENDENT-SEGMENTS");
  entries.forEach((one, index) => {
    if (index && one.breaks) lines.push("#EXT-X-DISCONTINUITY");
    if (!index || one.breaks) lines.push(one.map);
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(one.start_ms).toISOString()}`, ...one.lines);
  });
  return [...lines, ...(whole ? ["#EXT-X-ENDLIST"] : []), ""].join("\n");
}

/** Where a moment lies on the time line of a playlist, s: inside a hole, where footage goes on; null: after its end. */
export function placeIn(entries: readonly Entry[], ms: number): number | null {
  let place = 0;
  for (const one of entries) {
    if (ms < one.end_ms) return place + Math.max(0, ms - one.start_ms) / 1000;
    place += (one.end_ms - one.start_ms) / 1000;
  }
  return null;
}

/** The moment itself where it is recorded; in a hole where footage goes on, or with `back` where it ended; null: outside of all. */
export function recordedAt(entries: readonly Entry[], ms: number, back: boolean): number | null {
  const [first, last] = [entries[0], entries.at(-1)];
  if (!first || !last || ms < first.start_ms || ms >= last.end_ms) return null;
  const before = entries.findLast((one) => one.start_ms <= ms)!;
  if (ms < before.end_ms) return ms;
  return back ? before.end_ms - 1 : entries.find((one) => one.start_ms > ms)!.start_ms;
}
