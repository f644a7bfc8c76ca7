/** For tests: a playlist as the API writes it, of segments of 2 s that begin at `starts`; before some of them the recording breaks. */
export function written(starts: readonly number[], breaks: readonly number[] = []): string {
  const lines = ["#EXTM3U", '#EXT-X-MAP:URI="a",BYTERANGE="9@0"'];
  for (const at of starts) {
    if (breaks.includes(at)) lines.push("#EXT-X-DISCONTINUITY", `#EXT-X-MAP:URI="m${at}",BYTERANGE="9@0"`);
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(at).toISOString()}`, "#EXTINF:2.000,", "#EXT-X-BYTERANGE:5@9", `s${at}?x=1`);
  }
  return [...lines, "#EXT-X-ENDLIST", ""].join("\n");
}
