/** Why there is no picture: the one reason, of all that is known, that says most. */

import type { Camera } from "../../lib/api/cameras";
import type { Explained, Reason } from "../../lib/api/footage";
import type { Failure, FailureKind } from "../../player/failure";
import { sentenceOf } from "./because";

export type Why =
  | { kind: Exclude<FailureKind, "nothing" | "other"> | "end" | "missing" }
  | { kind: "depth"; depth_ms: number }
  | { kind: "gap"; reason: string }
  | { kind: "deleted"; text: string }
  | { kind: "detail"; text: string };

interface Known { failure: Failure; camera: Camera | null; at: number | null; explained: Explained | null; now: number }

/** `explained`: what the API says of the moment that was asked for; null while that is not known. */
export function whyOf({ failure, camera, at, explained, now }: Known): Why {
  if (failure.kind === "other") return { kind: "detail", text: failure.detail };
  if (failure.kind !== "nothing" && failure.kind !== "gone") return { kind: failure.kind };
  const depth_ms = camera?.may?.archive_depth_ms ?? null;
  if (depth_ms !== null && at !== null && at < now - depth_ms) return { kind: "depth", depth_ms };
  if (camera?.last_ms === null) return { kind: "never" };
  const told = explained && becauseOf(explained);
  if (told) return told;
  if (failure.kind === "gone") return { kind: "gone" };
  return { kind: camera && at !== null && at >= (camera.last_ms ?? 0) ? "end" : "missing" };
}

/** Why one moment has no footage, by what the API says of it; null: it says nothing that helps. */
export function becauseOf({ state, because }: Explained): Why | null {
  const gap = because.find((one) => one.kind === "gap");
  if (state === "never" && gap) return { kind: "gap", reason: String(gap.reason) };
  const end = because.find((one) => one.kind !== "hold");
  if (state === "gone") return { kind: "deleted", text: end ? sentenceOf(end) : "" };
  return null;
}

/** When the episode begins that a reason rests on; null: on none that is known. */
export function episodeIn(reason: Reason): number | null {
  const told = reason.episode as { started_ms?: number } | undefined;
  return told?.started_ms ?? null;
}
