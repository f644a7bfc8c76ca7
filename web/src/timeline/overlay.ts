/** Draws what changes with every frame: now, the playhead, the selection, windows of others, the pointer, the date on the left. */

import { length } from "../lib/times";
import type { Frame, Span } from "./content";
import type { Rows } from "./rows";
import type { Colours } from "./theme";
import { ROOM, type Tick, datesOf, stepOf } from "./ticks";
import { type View, xOf } from "./view";
import type { Zone } from "./zone";

/** Half the width of a handle, px. */
const HANDLE = 5;

export interface Overlay {
  rows: Rows; colours: Colours; zone: Zone; font: string; now: number; head: number | null; hover: number | null;
  selection: Span | null; frames: readonly Frame[];
  /** Where what is recorded ends while it is being recorded; null: nobody records. */
  edge: number | null;
}

type Pen = CanvasRenderingContext2D;

export function drawOverlay(pen: Pen, view: View, width: number, overlay: Overlay): void {
  drawFuture(pen, view, width, overlay);
  if (overlay.edge !== null) drawEdge(pen, xOf(view, width, overlay.edge), overlay);
  for (const frame of overlay.frames) drawFrame(pen, view, width, frame, overlay);
  if (overlay.selection) drawSelection(pen, view, width, overlay.selection, overlay);
  drawDate(pen, view, width, overlay);
  if (overlay.hover !== null) drawLine(pen, xOf(view, width, overlay.hover), overlay.rows, overlay.colours.quiet, 1);
  if (overlay.head !== null) drawHead(pen, xOf(view, width, overlay.head), overlay);
}

/** What has not come yet is dimmed, from the line of now on. */
function drawFuture(pen: Pen, view: View, width: number, { rows, colours, now }: Overlay): void {
  if (now >= view.to) return;
  const x = Math.max(xOf(view, width, now), 0);
  pen.fillStyle = colours.back;
  pen.globalAlpha = 0.6;
  pen.fillRect(x, rows.marks.top - 2, width - x, rows.height);
  pen.globalAlpha = 1;
  if (now >= view.from) drawLine(pen, x, rows, colours.now, 2);
}

/** A cap on what is being recorded right now. */
function drawEdge(pen: Pen, x: number, { rows, colours }: Overlay): void {
  pen.fillStyle = colours.edge;
  pen.fillRect(x - 4, rows.coverage.top, 4, rows.coverage.height);
}

function drawLine(pen: Pen, x: number, rows: Rows, colour: string, wide: number): void {
  pen.fillStyle = colour;
  pen.fillRect(Math.round(x - wide / 2), rows.times.top, wide, rows.height);
}

function drawHead(pen: Pen, x: number, { rows, colours }: Overlay): void {
  drawLine(pen, x, rows, colours.head, 2);
  pen.beginPath();
  pen.moveTo(x - 6, rows.times.top);
  pen.lineTo(x + 6, rows.times.top);
  pen.lineTo(x + 6, rows.times.top + 5);
  pen.lineTo(x, rows.times.top + 12);
  pen.lineTo(x - 6, rows.times.top + 5);
  pen.fill();
}

/** A bracket around a window, with its title. */
function drawFrame(pen: Pen, view: View, width: number, frame: Frame, { rows, colours, font }: Overlay): void {
  const [left, right] = [xOf(view, width, frame.start_ms), xOf(view, width, frame.end_ms)];
  if (right < 0 || left > width) return;
  pen.strokeStyle = pen.fillStyle = colours.frame;
  pen.setLineDash([4, 3]);
  pen.strokeRect(Math.round(left) + 0.5, rows.marks.top - 0.5, Math.max(right - left, 1), rows.height - rows.marks.top - 1);
  pen.setLineDash([]);
  pen.font = font;
  pen.textBaseline = "top";
  const [from, room] = [Math.max(left, 0) + 1, right - Math.max(left, 0) - 2];
  const wide = pen.measureText(frame.title).width + 8;
  if (!frame.title || wide > room) return;
  pen.fillStyle = colours.back;
  pen.fillRect(from, rows.coverage.top + 8, wide, 16);
  pen.fillStyle = colours.text;
  pen.fillText(frame.title, from + 4, rows.coverage.top + 11);
}

function drawSelection(pen: Pen, view: View, width: number, selection: Span, { rows, colours, font }: Overlay): void {
  const [left, right] = [xOf(view, width, selection.start_ms), xOf(view, width, selection.end_ms)];
  const [top, height] = [rows.times.top, rows.height - rows.times.top];
  pen.fillStyle = colours.select;
  pen.globalAlpha = 0.22;
  pen.fillRect(left, top, right - left, height);
  pen.globalAlpha = 1;
  for (const x of [left, right]) {
    pen.fillRect(x - 1, top, 2, height);
    pen.beginPath();
    pen.roundRect(x - HANDLE, top + height / 2 - 12, 2 * HANDLE, 24, 3);
    pen.fill();
  }
  drawLength(pen, Math.max(left, 0), Math.min(right, width), selection, { rows, colours, font });
}

/** How long the selection is, on its bar. */
function drawLength(pen: Pen, left: number, right: number, selection: Span, { rows, colours, font }: Pick<Overlay, "rows" | "colours" | "font">): void {
  const text = length(selection.end_ms - selection.start_ms);
  pen.font = font;
  const wide = pen.measureText(text).width + 8;
  if (right - left < wide + 4) return;
  const [x, middle] = [(left + right) / 2, rows.times.top + rows.times.height / 2];
  pen.fillStyle = colours.back;
  pen.fillRect(x - wide / 2, rows.times.top + 1, wide, rows.times.height - 2);
  pen.fillStyle = colours.text;
  pen.textBaseline = "middle";
  pen.fillText(text, x - wide / 2 + 4, middle);
}

/** The date at the left edge stays there until the next one pushes it out. */
function drawDate(pen: Pen, view: View, width: number, { rows, colours, zone, font }: Overlay): void {
  const [first, second] = datesOf(view, stepOf(view, width, ROOM), zone) as [Tick, Tick?];
  const next = second ? xOf(view, width, second.at) : Infinity;
  pen.font = font;
  pen.textBaseline = "middle";
  const wide = pen.measureText(first.label).width;
  const x = Math.min(5, next - wide - 8);
  pen.fillStyle = colours.back;
  pen.fillRect(x - 5, rows.dates.top, wide + 10, rows.dates.height);
  pen.fillStyle = colours.text;
  pen.fillText(first.label, x, rows.dates.top + rows.dates.height / 2);
}
