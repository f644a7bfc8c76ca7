/** Draws episodes: a lane and a colour per origin, a shape per type, higher where there are many, columns where they are only counted. */

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
/** How high a bar is of one, a few, many. */
const HIGH = [0.6, 0.8, 1];
/** An episode wider than this is pale, so that its name can be read on it, behind a strong line. */
const WIDE = 8;
const PALE = 0.5;
const EDGE = 2;
const columns = new Columns();

export interface Marks { model: Model; rows: Rows; colours: Colours; font: string }

export function drawMarks(pen: CanvasRenderingContext2D, view: View, width: number, { model, rows, colours, font }: Marks): void {
  for (const counts of model.counts) drawCounts(pen, view, width, counts, rows.marks, colours.count);
  for (const origin of ORIGINS) {
    const marks = model.lanes[origin];
    merge(marks, view, width, columns, { least: LEAST, counted: true });
    drawRuns(pen, rows.lanes[origin], colours[origin]);
    drawSingles(pen, marks, rows.lanes[origin], { colour: colours[origin], text: colours.text, font });
  }
}

/** Bars as high as there are many; one episode that is wide enough to be read is a pale bar that begins with a strong line. */
function drawRuns(pen: CanvasRenderingContext2D, row: Row, colour: string): void {
  pen.fillStyle = colour;
  pen.beginPath();
  for (let index = 0; index < columns.size; index++) {
    const isWide = isReadable(index);
    const high = isWide ? row.height : row.height * HIGH[columns.shade[index]!]!;
    pen.rect(columns.from[index]!, row.top + row.height - high, isWide ? EDGE : columns.to[index]! - columns.from[index]!, high);
  }
  pen.fill();
  pen.globalAlpha = PALE;
  pen.beginPath();
  for (let index = 0; index < columns.size; index++) {
    const from = columns.from[index]! + EDGE;
    if (isReadable(index)) pen.rect(from, row.top, columns.to[index]! - from, row.height);
  }
  pen.fill();
  pen.globalAlpha = 1;
}

const isReadable = (index: number): boolean => columns.count[index] === 1 && columns.to[index]! - columns.from[index]! > WIDE;

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
    pen.fillText(shortened(pen, nameOf(marks.items[columns.first[index]!]!), room), left, row.top + row.height / 2);
  }
}

/** Whether a run is one episode that begins in sight, with room for a shape before the next. */
function isSingle(index: number): boolean {
  if (columns.count[index] !== 1 || columns.from[index]! < 0) return false;
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
