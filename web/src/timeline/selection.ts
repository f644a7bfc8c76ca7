/** A selected stretch of time and what dragging its handles makes of it. */

import type { Span } from "./content";

/** No selection is shorter. */
export const LEAST_MS = 100;

/** The stretch between two moments, in either order; whole milliseconds. */
export function spanned(one: number, other: number): Span {
  const [start_ms, end_ms] = [Math.round(Math.min(one, other)), Math.round(Math.max(one, other))];
  return { start_ms, end_ms: Math.max(end_ms, start_ms + LEAST_MS) };
}

/** One handle put at a moment; it stops at the other. */
export function edged(span: Span, part: "start" | "end", at: number): Span {
  if (part === "start") return { ...span, start_ms: Math.min(Math.round(at), span.end_ms - LEAST_MS) };
  return { ...span, end_ms: Math.max(Math.round(at), span.start_ms + LEAST_MS) };
}

/** The whole selection, so many ms later. */
export const carried = (span: Span, by: number): Span => ({ start_ms: span.start_ms + Math.round(by), end_ms: span.end_ms + Math.round(by) });
