/** The time line: what is recorded, what is missing and why, and where the player is. Draws on a canvas. */

import type { Episode, Ranges } from "./api";
import { nameOf, spanOf } from "./marks";
import { DAY, HOUR, MINUTE, asTick } from "./times";

const STEPS = [1000, 5000, 15_000, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY];
const SHORTEST = 20_000;
const LONGEST = 400 * DAY;
const MARK_WIDTH = 3;
const COLOURS = { back: "#14181d", recorded: "#3f8f6b", gap: "#a8503f", mark: "#e0b04a", tick: "#2b333c", text: "#8a97a5", head: "#f2f5f7" };

export interface Handlers {
  pick(at: number): void;
  moved(): void;
  hover(at: number | null, x: number): void;
}

export class Timeline {
  from = Date.now() - HOUR;
  to = Date.now();
  ranges: Ranges = { recorded: [], protected: [], gaps: [] };
  marks: Episode[] = [];
  head: number | null = null;
  private drag: { x: number; from: number; moved: boolean } | null = null;

  constructor(private readonly canvas: HTMLCanvasElement, private readonly handlers: Handlers) {
    canvas.addEventListener("wheel", (event) => this.zoom(event), { passive: false });
    canvas.addEventListener("pointerdown", (event) => this.press(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => this.release(event));
    canvas.addEventListener("pointerleave", () => handlers.hover(null, 0));
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  /** Why nothing is recorded at a moment; null where something is. */
  reason(at: number): string | null {
    if (this.ranges.recorded.some((one) => one.start_ms <= at && at < one.end_ms)) return null;
    const gap = this.ranges.gaps.find((one) => one.start_ms <= at && at < one.end_ms);
    return gap ? gap.reason.replaceAll("_", " ") : "not recorded";
  }

  /** What the marks at a moment are called; those of no length count a few pixels around them. */
  marked(at: number): string[] {
    const near = MARK_WIDTH * (this.to - this.from) / this.canvas.clientWidth;
    const there = this.marks.filter((one) => spanOf(one).start_ms - near <= at && at <= spanOf(one).end_ms + near);
    return [...new Set(there.map(nameOf))];
  }

  show(from: number, to: number): void {
    const length = Math.min(Math.max(to - from, SHORTEST), LONGEST);
    this.from = from;
    this.to = from + length;
    this.draw();
    this.handlers.moved();
  }

  draw(): void {
    const ratio = devicePixelRatio;
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    this.canvas.width = width * ratio;
    this.canvas.height = height * ratio;
    const pen = this.canvas.getContext("2d");
    if (!pen || !width) return;
    pen.scale(ratio, ratio);
    pen.fillStyle = COLOURS.back;
    pen.fillRect(0, 0, width, height);
    this.ticks(pen, height);
    this.spans(pen, this.ranges.gaps, COLOURS.gap, height - 12, 4);
    this.spans(pen, this.ranges.recorded, COLOURS.recorded, 26, height - 42);
    this.spans(pen, this.marks.map(spanOf), COLOURS.mark, 20, 5, MARK_WIDTH);
    if (this.head !== null) {
      pen.fillStyle = COLOURS.head;
      pen.fillRect(this.x(this.head) - 1, 20, 2, height - 24);
    }
  }

  private spans(pen: CanvasRenderingContext2D, spans: { start_ms: number; end_ms: number }[], colour: string, y: number, height: number, least = 1): void {
    pen.fillStyle = colour;
    for (const span of spans) {
      const left = this.x(span.start_ms);
      pen.fillRect(left, y, Math.max(least, this.x(span.end_ms) - left), height);
    }
  }

  private ticks(pen: CanvasRenderingContext2D, height: number): void {
    const room = (this.to - this.from) * 90 / this.canvas.clientWidth;
    const step = STEPS.find((one) => one >= room) ?? 365 * DAY;
    const zone = new Date(this.from).getTimezoneOffset() * MINUTE;
    pen.font = "11px system-ui, sans-serif";
    for (let at = Math.ceil((this.from - zone) / step) * step + zone; at < this.to; at += step) {
      const x = this.x(at);
      pen.fillStyle = COLOURS.tick;
      pen.fillRect(x, 18, 1, height);
      pen.fillStyle = COLOURS.text;
      pen.fillText(asTick(at, step), x + 4, 13);
    }
  }

  private x(at: number): number {
    return (at - this.from) / (this.to - this.from) * this.canvas.clientWidth;
  }

  private at(event: MouseEvent): number {
    return this.from + event.offsetX / this.canvas.clientWidth * (this.to - this.from);
  }

  private zoom(event: WheelEvent): void {
    event.preventDefault();
    const length = this.to - this.from;
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const by = event.deltaX / this.canvas.clientWidth * length;
      this.show(this.from + by, this.to + by);
      return;
    }
    const factor = Math.min(Math.max(Math.exp(event.deltaY * 0.002), SHORTEST / length), LONGEST / length);
    const pinned = this.at(event);
    this.show(pinned - (pinned - this.from) * factor, pinned + (this.to - pinned) * factor);
  }

  private press(event: PointerEvent): void {
    this.canvas.setPointerCapture(event.pointerId);
    this.drag = { x: event.clientX, from: this.from, moved: false };
  }

  private move(event: PointerEvent): void {
    this.handlers.hover(this.at(event), event.offsetX);
    if (!this.drag) return;
    const by = event.clientX - this.drag.x;
    this.drag.moved ||= Math.abs(by) > 4;
    if (!this.drag.moved) return;
    const length = this.to - this.from;
    const from = this.drag.from - by / this.canvas.clientWidth * length;
    this.show(from, from + length);
  }

  private release(event: PointerEvent): void {
    if (this.drag && !this.drag.moved) this.handlers.pick(this.at(event));
    this.drag = null;
  }
}
