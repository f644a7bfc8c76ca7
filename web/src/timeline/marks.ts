/** Draws episodes: a lane and a colour per origin, a shape per type, darker where there are many, columns where they are only counted. */

import { Columns, merge } from "./columns";
import { type Counts, type Mark, ORIGINS, nameOf } from "./content";
import type { Model } from "./model";
import type { Row, Rows } from "./rows";
import type { Sorted } from "./sorted";
import type { Colours } from "./theme";
import { type View, xOf } from "./view";

/** No mark is narrower, px: it could be neither seen nor hit. */
export const LEAST = 3;
/** Marks at least so wide get their name. */
const NAMED = 48;
/** A shape needs so much room to itself. */
const ROOM = 12;
/** Narrowest column of the histogram. */
const BAR = 4;
/** How strong the colour is of a column with one, a few, many; names are read on the first. */
const STRENGTH = [0.5, 0.78, 1];
const columns = new Columns();

export interface Marks { model: Model; rows: Rows; colours: Colours; font: string }

export function drawMarks(pen: CanvasRenderingContext2D, view: View, width: number, { model, rows, colours, font }: Marks): void {
  for (const counts of model.counts) drawCounts(pen, view, width, counts, rows.marks, colours.count);
  for (const origin of ORIGINS) {
    const marks = model.lanes[origin];
    merge(marks, view, width, columns, { least: LEAST, counted: true });
    drawRuns(pen, rows.lanes[origin], colours[origin]);
    drawBorders(pen, rows.lanes[origin], colours.lane);
    drawSingles(pen, marks, rows.lanes[origin], { colour: colours[origin], text: colours.text, font });
  }
}

function drawRuns(pen: CanvasRenderingContext2D, row: Row, colour: string): void {
  pen.fillStyle = colour;
  for (let shade = 0; shade < STRENGTH.length; shade++) {
    pen.globalAlpha = STRENGTH[shade]!;
    pen.beginPath();
    for (let index = 0; index < columns.size; index++) {
      if (columns.shade[index] !== shade) continue;
      pen.rect(columns.from[index]!, row.top, columns.to[index]! - columns.from[index]!, row.height);
    }
    pen.fill();
  }
  pen.globalAlpha = 1;
}

/** A line between two episodes that touch, where both are wide enough to be told apart. */
function drawBorders(pen: CanvasRenderingContext2D, row: Row, colour: string): void {
  pen.fillStyle = colour;
  pen.beginPath();
  for (let index = 1; index < columns.size; index++) {
    const [from, before] = [columns.from[index]!, columns.from[index - 1]!];
    if (from <= columns.to[index - 1]! && from - before > 2 * LEAST) pen.rect(from - 1, row.top, 1, row.height);
  }
  pen.fill();
}

/** Runs that are one episode with room around it: where it begins, as a shape, and its name. */
function drawSingles(
  pen: CanvasRenderingContext2D, marks: Sorted<Mark>, row: Row,
  { colour, text, font }: { colour: string; text: string; font: string },
): void {
  pen.fillStyle = colour;
  pen.beginPath();
  for (let index = 0; index < columns.size; index++) {
    if (isSingle(index)) shape(pen, marks.items[columns.first[index]!]!.type, columns.from[index]!, row);
  }
  pen.fill();
  if (row.height < 11) return;
  pen.font = font;
  pen.textBaseline = "middle";
  pen.fillStyle = text;
  for (let index = 0; index < columns.size; index++) {
    const left = Math.max(columns.from[index]!, 0) + ROOM - 2;
    const room = Math.min(columns.to[index]!, beginOf(index + 1)) - left - 2;
    if (columns.count[index] !== 1 || room < NAMED) continue;
    pen.fillText(shortened(pen, nameOf(marks.items[columns.first[index]!]!), room), left, row.top + row.height / 2 + 0.5);
  }
}

/** Whether a run is one episode and its neighbours leave room for a shape. */
function isSingle(index: number): boolean {
  if (columns.count[index] !== 1) return false;
  return beginOf(index + 1) - columns.from[index]! >= ROOM;
}

const beginOf = (index: number): number => index < columns.size ? columns.from[index]! : Infinity;

/** The shape of a type at the beginning of a mark: round for people, a square for vehicles, a diamond for codes; others have none. */
function shape(pen: CanvasRenderingContext2D, type: string, left: number, row: Row): void {
  const size = row.height / 2;
  const [x, y] = [left + 1, row.top + size];
  if (type === "human" || type === "face") {
    pen.moveTo(x + size, y);
    pen.arc(x, y, size, 0, 2 * Math.PI);
  } else if (type === "vehicle") pen.rect(x - size, y - size, 2 * size, 2 * size);
  else if (type !== "generic") {
    pen.moveTo(x - size, y);
    pen.lineTo(x, y - size);
    pen.lineTo(x + size, y);
    pen.lineTo(x, y + size);
  }
}

function shortened(pen: CanvasRenderingContext2D, text: string, room: number): string {
  if (pen.measureText(text).width <= room) return text;
  let end = Math.floor(room / 6);
  while (end > 0 && pen.measureText(`${text.slice(0, end)}…`).width > room) end -= 1;
  return end > 0 ? `${text.slice(0, end)}…` : "";
}

/** Bars as high as there are episodes, by their square root: one must be seen beside a thousand. */
function drawCounts(pen: CanvasRenderingContext2D, view: View, width: number, counts: Counts, row: Row, colour: string): void {
  const steps = Math.max(1, Math.ceil(BAR / width * (view.to - view.from) / counts.step_ms));
  const first = Math.max(0, Math.floor((view.from - counts.start_ms) / counts.step_ms / steps) * steps);
  const bars = barsOf(counts, first, Math.ceil((view.to - counts.start_ms) / counts.step_ms), steps);
  const top = Math.sqrt(Math.max(1, ...bars));
  const wide = steps * counts.step_ms / (view.to - view.from) * width;
  pen.fillStyle = colour;
  pen.beginPath();
  bars.forEach((count, index) => {
    const high = Math.max(Math.sqrt(count) / top * row.height, 2);
    const x = xOf(view, width, counts.start_ms + (first + index * steps) * counts.step_ms);
    if (count) pen.rect(x, row.top + row.height - high, Math.max(wide - 1, 1), high);
  });
  pen.fill();
}

/** How many were opened in each `steps` steps of [first, last). */
export function barsOf(counts: Counts, first: number, last: number, steps: number): number[] {
  const bars: number[] = [];
  for (let index = first; index < Math.min(last, counts.episodes.length); index++) {
    const bar = Math.floor((index - first) / steps);
    bars[bar] = (bars[bar] ?? 0) + counts.episodes[index]!;
  }
  return bars;
}
