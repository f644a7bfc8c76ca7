/** Draws what is recorded, what is missing, what keeps footage and what goes, under the axis. */

import { Columns, merge } from "./columns";
import type { Model } from "./model";
import type { Row, Rows } from "./rows";
import type { Sorted } from "./sorted";
import type { Colours } from "./theme";
import { type Gap, HOLDS, type Span } from "./content";
import { type Axis, DAY, ROOM, axisOf } from "./ticks";
import { type View, xOf } from "./view";
import type { Zone } from "./zone";

/** A gap so wide says why. */
const TOLD = 70;
const KEEPERS = { lock: "locked", export: "exporting", episode: "protected" } as const;
const columns = new Columns();

export interface Ground { model: Model; rows: Rows; colours: Colours; zone: Zone; font: string; hatch: CanvasPattern; why: (reason: string) => string }

/** The whole layer. */
export function drawGround(pen: CanvasRenderingContext2D, view: View, width: number, ground: Ground): void {
  const axis = axisOf(view, width, ROOM, ground.zone);
  drawGrid(pen, view, width, axis, ground);
  drawCoverage(pen, view, width, ground);
  drawLabels(pen, view, width, axis, ground);
}

function drawGrid(pen: CanvasRenderingContext2D, view: View, width: number, axis: Axis, { rows, colours }: Ground): void {
  pen.fillStyle = colours.lane;
  pen.beginPath();
  for (const row of Object.values(rows.lanes)) pen.rect(0, row.top, width, row.height);
  pen.rect(0, rows.coverage.top, width, rows.coverage.height);
  pen.fill();
  pen.fillStyle = colours.tick;
  pen.beginPath();
  for (const { at } of axis.ticks) pen.rect(Math.round(xOf(view, width, at)), rows.times.top, 1, rows.height);
  pen.fill();
  pen.fillStyle = colours.quiet;
  pen.beginPath();
  for (const { at } of axis.upper.slice(1)) pen.rect(Math.round(xOf(view, width, at)), 0, 1, rows.height);
  pen.fill();
}

function drawCoverage(pen: CanvasRenderingContext2D, view: View, width: number, { model, rows, colours, hatch, font, why }: Ground): void {
  fill(pen, model.recorded, view, width, rows.coverage, colours.recorded);
  merge(model.gaps, view, width, columns);
  boxes(pen, rows.coverage, colours.gap);
  pen.fillStyle = hatch;
  pen.fill();
  fill(pen, model.expirations, view, width, rows.expirations, colours.expiring, 2);
  for (const kind of HOLDS.toReversed()) fill(pen, model.kept[kind], view, width, rows.protected, colours[KEEPERS[kind]], 2);
  drawReasons(pen, view, width, model.gaps, rows.coverage, { colours, font, why });
}

function fill(pen: CanvasRenderingContext2D, spans: Sorted<Span>, view: View, width: number, row: Row, colour: string, least = 1): void {
  merge(spans, view, width, columns, { least });
  boxes(pen, row, colour);
}

/** Every run of `columns` in one path. */
function boxes(pen: CanvasRenderingContext2D, row: Row, colour: string): void {
  pen.fillStyle = colour;
  pen.beginPath();
  for (let index = 0; index < columns.size; index++) {
    pen.rect(columns.from[index]!, row.top, columns.to[index]! - columns.from[index]!, row.height);
  }
  pen.fill();
}

/** Why footage is missing, written into gaps that are wide enough; there is only room for a few of them. */
function drawReasons(
  pen: CanvasRenderingContext2D, view: View, width: number, gaps: Sorted<Gap>, row: Row,
  { colours, font, why }: Pick<Ground, "colours" | "font" | "why">,
): void {
  const least = TOLD / width * (view.to - view.from);
  pen.font = font;
  pen.textBaseline = "middle";
  const [first, last] = gaps.within(view.from, view.to);
  for (let index = first; index < last; index++) {
    if (gaps.ends[index]! - gaps.starts[index]! < least) continue;
    const left = Math.max(xOf(view, width, gaps.starts[index]!), 0);
    const room = Math.min(xOf(view, width, gaps.ends[index]!), width) - left - 12;
    const text = why(gaps.items[index]!.reason);
    const wide = pen.measureText(text).width;
    if (wide > room) continue;
    pen.fillStyle = colours.back;
    pen.fillRect(left + 4, row.top + row.height / 2 - 8, wide + 8, 16);
    pen.fillStyle = colours.text;
    pen.fillText(text, left + 8, row.top + row.height / 2);
  }
}

function drawLabels(pen: CanvasRenderingContext2D, view: View, width: number, axis: Axis, { rows, colours, font }: Ground): void {
  pen.font = font;
  pen.textBaseline = "middle";
  pen.fillStyle = axis.step >= DAY ? colours.text : colours.quiet;
  const middle = rows.times.top + rows.times.height / 2;
  for (const { at, label } of axis.ticks) pen.fillText(label, Math.round(xOf(view, width, at)) + 4, middle);
  pen.fillStyle = colours.text;
  for (const { at, label } of axis.upper.slice(1)) pen.fillText(label, Math.round(xOf(view, width, at)) + 5, rows.dates.top + rows.dates.height / 2);
}
