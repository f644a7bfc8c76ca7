/** A picture of a part of the timeline, drawn once and then only moved while the view moves over it. */

import { type View, lengthOf, moved } from "./view";

/** Draws a view on a canvas so many px wide. */
export type Draw = (pen: CanvasRenderingContext2D, view: View, width: number) => void;

/** How much more than a view is drawn on each side while only the place of the view changes. */
const MARGIN = 0.5;

export class Layer {
  /** How often it was drawn, for tests and measurements. */
  drawn = 0;
  private readonly canvas = document.createElement("canvas");
  private readonly pen = this.canvas.getContext("2d")!;
  private shown: View | null = null;
  /** Length of the view of the frame before, ms. */
  private length = 0;

  constructor(private readonly draw: Draw) {}

  /** Draw anew the next time. */
  spoil(): void {
    this.shown = null;
  }

  /**
   * Put what `view` shows on `pen`, which counts in px of the page.
   *
   * While the length of a view changes nothing drawn can be used again, so that it is drawn straight on `pen`. Once it stays, half
   * a view more on both sides is drawn into a picture, and panning only copies that.
   */
  show(pen: CanvasRenderingContext2D, view: View, width: number, height: number, ratio: number): void {
    this.size(width, height, ratio);
    const isMoved = Math.abs(lengthOf(view) / this.length - 1) < 1e-9;
    this.length = lengthOf(view);
    if (!isMoved) {
      this.shown = null;
      this.draw(pen, view, width);
      this.drawn += 1;
      return;
    }
    if (!this.shown || this.shown.from > view.from || this.shown.to < view.to) this.redraw(view, width, ratio);
    const left = Math.round((this.shown!.from - view.from) / lengthOf(view) * width * ratio);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.drawImage(this.canvas, left, 0);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  private size(width: number, height: number, ratio: number): void {
    const [wide, high] = [Math.ceil(width * (1 + 2 * MARGIN) * ratio) + 2, Math.round(height * ratio)];
    if (this.canvas.width === wide && this.canvas.height === high) return;
    this.canvas.width = wide;
    this.canvas.height = high;
    this.shown = null;
  }

  private redraw(view: View, width: number, ratio: number): void {
    const side = Math.floor(width * MARGIN);
    const by = side / width * lengthOf(view);
    this.shown = { from: moved(view, -by).from, to: moved(view, by).to };
    this.pen.setTransform(1, 0, 0, 1, 0, 0);
    this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.draw(this.pen, this.shown, width + 2 * side);
    this.drawn += 1;
  }
}
