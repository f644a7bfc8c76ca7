/** Why there is no video, in a word that the page can tell people. */

/**
 * `nothing`: nothing recorded from there on. `never`: nothing ever. `not-live`: nothing recorded now. `unknown`: no such camera,
 * or none that this person may see. `not-allowed`, `codec`, `browser` (it plays no such streams), `gone`: deleted meanwhile. `damaged`: no decoder
 * makes a picture of it.
 */
export type FailureKind = "nothing" | "never" | "not-live" | "unknown" | "not-allowed" | "codec" | "browser" | "gone" | "damaged" | "away" | "other";
export interface Failure { kind: FailureKind; detail: string }

const KINDS: Record<string, FailureKind> = {
  "nothing-recorded": "nothing", "no-such-media": "unknown", "not-live": "not-live", "not-allowed": "not-allowed",
  "footage-unreadable": "gone", "footage-gone": "gone", "footage-deleted": "gone", "no-connection": "away",
};

/** What a problem of the API means to who watches. */
export function failureOf(problem: { kind: string; status: number; message: string }): Failure {
  const kind = KINDS[problem.kind] ?? (problem.status === 403 ? "not-allowed" : problem.status >= 502 ? "away" : "other");
  return { kind, detail: problem.message };
}

/** A fatal error of hls.js: its kind, its `details` and the status of the answer it is about (0 or undefined: there was none). */
export interface Broken { isMedia: boolean; isNetwork: boolean; details: string; status: number | undefined; isLive: boolean }

/** What to do about it: let hls.js begin its decoder anew, try again from where it was, or tell why there is no video. */
export function remedyOf({ isMedia, isNetwork, details, status, isLive }: Broken): "recover" | "again" | Failure {
  const isCodec = /codec|addsourcebuffer/i.test(details);
  if (isMedia && !isCodec) return "recover";
  // Footage that is live moves on, and so do its addresses; only the playlist says whether there is any.
  if (isLive && isNetwork && details.startsWith("frag")) return "again";
  if (isLive && status === 404) return { kind: "not-live", detail: details };
  if (isLive && status === 403) return { kind: "not-allowed", detail: details };
  if (isNetwork && status !== 404) return "again";
  return { kind: isCodec ? "codec" : status === 404 ? "gone" : "other", detail: details };
}
