/** Why there is no video, in a word that the page can tell people. */

/**
 * `nothing`: nothing recorded from there on. `never`: nothing ever. `not-live`: nothing recorded now. `unknown`: no such camera,
 * or none that this person may see. `not-allowed`, `codec`, `browser` (it plays no such streams), `gone`: deleted meanwhile.
 */
export type FailureKind = "nothing" | "never" | "not-live" | "unknown" | "not-allowed" | "codec" | "browser" | "gone" | "away" | "other";
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

/** What a fatal error of hls.js means, by its `details`. */
export function failureOfPlayer(details: string, status: number | undefined): Failure {
  if (/codec|addsourcebuffer/i.test(details)) return { kind: "codec", detail: details };
  if (status === 404) return { kind: "gone", detail: details };
  return { kind: status === undefined || status >= 500 ? "away" : "other", detail: details };
}
