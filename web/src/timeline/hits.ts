/** What a pointer is over, and the cursor that says so. */

import { ORIGINS, type Origin, type Span } from "./content";
import type { Part } from "./gestures";
import type { Rows } from "./rows";
import { type View, xOf } from "./view";

/** How far from a handle it can be grabbed, px: a mouse, a finger. */
const REACH = { mouse: 7, touch: 20 };

/** What is there to be grabbed. */
export interface Grabs { selection: Span | null; head: number | null; axis: number }

/** The nearest handle within reach, else the selection's bar on the axis, else the ground. */
export function partAt(x: number, y: number, view: View, width: number, { selection, head, axis }: Grabs, isTouch: boolean): Part {
  const handles: [Part, number][] = [];
  if (selection) handles.push(["start", xOf(view, width, selection.start_ms)], ["end", xOf(view, width, selection.end_ms)]);
  if (head !== null) handles.push(["head", xOf(view, width, head)]);
  const reach = isTouch ? REACH.touch : REACH.mouse;
  const near = handles.filter(([, at]) => Math.abs(at - x) <= reach).sort((one, other) => Math.abs(one[1] - x) - Math.abs(other[1] - x));
  if (near[0]) return near[0][0];
  const isInside = selection && xOf(view, width, selection.start_ms) < x && x < xOf(view, width, selection.end_ms);
  return isInside && y < axis ? "body" : "ground";
}

/** The lane at a height; null: none. */
export function laneAt(y: number, rows: Rows): Origin | null {
  return ORIGINS.find((one) => rows.lanes[one].top - 1 <= y && y <= rows.lanes[one].top + rows.lanes[one].height) ?? null;
}

const CURSORS: Record<Part, string> = { ground: "pointer", start: "ew-resize", end: "ew-resize", head: "col-resize", body: "move" };

export const cursorOf = (part: Part, isPanning: boolean): string => isPanning ? "grabbing" : CURSORS[part];
