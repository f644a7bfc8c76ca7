/** Puts the layers on the canvas: what stands still is drawn once and copied, what moves is drawn with every frame. */

import type { Frame, Span } from "./content";
import { drawGround } from "./ground";
import { Layer } from "./layer";
import { drawMarks } from "./marks";
import type { Model } from "./model";
import { drawOverlay } from "./overlay";
import { type Rows, rowsOf } from "./rows";
import { type Colours, coloursOf } from "./theme";
import type { View } from "./view";
import type { Zone } from "./zone";

const FONT = "11px system-ui, sans-serif";

/** What moves over the layers. */
export interface Moving { now: number; head: number | null; hover: number | null; selection: Span | null; frames: readonly Frame[]; edge: number | null }

export class Painter {
  width = 0;
  height = 0;
  rows: Rows = rowsOf(0);
  private ratio = 1;
  private colours!: Colours;
  private hatch!: CanvasPattern;
  private readonly pen: CanvasRenderingContext2D;
  private readonly ground: Layer;
  private readonly marks: Layer;

  /** `why` says in words why footage is missing. */
  constructor(private readonly canvas: HTMLCanvasElement, private readonly probe: HTMLElement, model: Model, public zone: Zone, why: (reason: string) => string) {
    this.pen = canvas.getContext("2d", { alpha: false })!;
    this.ground = new Layer((pen, view, width) => drawGround(pen, view, width, {
      model, rows: this.rows, colours: this.colours, zone: this.zone, font: FONT, hatch: this.hatch, why,
    }));
    this.marks = new Layer((pen, view, width) => drawMarks(pen, view, width, { model, rows: this.rows, colours: this.colours, font: FONT }));
    this.recolour();
  }

  /** How often each layer was drawn. */
  get drawn(): { ground: number; marks: number } {
    return { ground: this.ground.drawn, marks: this.marks.drawn };
  }

  /** Take the size that the page gives. To be called when it changes: reading it makes the page lay itself out. */
  resize(): void {
    const [width, height, ratio] = [this.canvas.clientWidth, this.canvas.clientHeight, devicePixelRatio];
    [this.width, this.height, this.ratio] = [width, height, ratio];
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.rows = rowsOf(height);
    this.spoil("ground", "marks");
  }

  /** Read the colours of the page anew. */
  recolour(): void {
    this.colours = coloursOf(this.probe);
    this.hatch = hatched(this.pen, this.colours["gap-line"]);
    this.spoil("ground", "marks");
  }

  /** Draw these layers anew with the next frame. */
  spoil(...layers: ("ground" | "marks")[]): void {
    for (const one of layers) this[one].spoil();
  }

  paint(view: View, moving: Moving): void {
    if (this.ratio !== devicePixelRatio) this.resize();
    const { pen, width, height, ratio, colours } = this;
    if (!width || !height) return;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = colours.back;
    pen.fillRect(0, 0, width, height);
    this.ground.show(pen, view, width, height, ratio);
    this.marks.show(pen, view, width, height, ratio);
    drawOverlay(pen, view, width, { rows: this.rows, colours, zone: this.zone, font: FONT, ...moving });
  }
}

/** Slanted lines. */
function hatched(pen: CanvasRenderingContext2D, colour: string): CanvasPattern {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const draw = tile.getContext("2d")!;
  draw.strokeStyle = colour;
  draw.lineWidth = 1.6;
  draw.beginPath();
  for (const x of [-8, 0, 8]) {
    draw.moveTo(x, 8);
    draw.lineTo(x + 8, 0);
  }
  draw.stroke();
  return pen.createPattern(tile, "repeat")!;
}
