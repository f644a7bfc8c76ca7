/** The timeline on its canvas: turns pointers into views, views into frames, and tells the page what was meant. */

import type { Content, Frame, Span } from "./content";
import { type Act, IDLE, type Input, type State, step } from "./gestures";
import { cursorOf, partAt } from "./hits";
import { type Hidden, Model, type There } from "./model";
import { Motion } from "./motion";
import { Painter } from "./painter";
import { carried, edged, spanned } from "./selection";
import { onTheme } from "./theme";
import { type View, atOf, bounded, centred, fitted, lengthOf, moved, xOf, zoomed } from "./view";
import type { Zone } from "./zone";

/** What the page hears. Times are UTC ms, not rounded; `x` px from the left. */
export interface Told {
  pick(at: number): void;
  /** The pointer is over a moment; null: it left. Also while the playhead is dragged. */
  hover(at: number | null, x: number): void;
  moved(view: View): void;
  /** `done` false: the handle is still held. */
  select(span: Span, done: boolean): void;
}

export interface Options {
  zone: Zone; now: () => number; told: Told; why: (reason: string) => string;
  /** Whether the viewer wants nothing to move by itself. */
  isStill: () => boolean;
}

/** What frames cost, for tests and measurements: ms of script of each of the last frames, oldest first. */
export interface Costs { frames: number; drawn: { ground: number; marks: number }; ms: number[] }

const KEPT = 1024;
/** A hover reaches so many px to both sides. */
const NEAR_PX = 4;
const STEP = 0.5;

export class Board {
  readonly model = new Model();
  view: View;
  head: number | null = null;
  selection: Span | null = null;
  frames: readonly Frame[] = [];
  private hover: number | null = null;
  private state: State = IDLE;
  private readonly motion = new Motion();
  private asked = 0;
  private count = 0;
  private readonly spent = new Float64Array(KEPT);
  private readonly painter: Painter;
  private readonly ends: (() => void)[] = [];

  constructor(private readonly canvas: HTMLCanvasElement, probe: HTMLElement, private readonly options: Options) {
    const now = options.now();
    this.view = { from: now - 3_500_000, to: now + 100_000 };
    this.painter = new Painter(canvas, probe, this.model, options.zone, options.why);
    this.painter.resize();
    const sizes = new ResizeObserver(() => {
      this.painter.resize();
      this.need();
    });
    sizes.observe(canvas);
    this.ends.push(() => sizes.disconnect(), onTheme(() => {
      this.painter.recolour();
      this.need();
    }));
  }

  /** Stop everything; the board is of no use after that. */
  close(): void {
    cancelAnimationFrame(this.asked);
    this.asked = -1;
    for (const end of this.ends) end();
  }

  get costs(): Costs {
    const oldest = this.count < KEPT ? 0 : this.count % KEPT;
    const ms = [...this.spent.subarray(oldest, Math.min(this.count, KEPT)), ...this.spent.subarray(0, oldest)];
    return { frames: this.count, drawn: this.painter.drawn, ms };
  }

  get width(): number {
    return this.painter.width || this.canvas.clientWidth || 1;
  }

  set(content: Content): void {
    this.model.set(content);
    this.painter.spoil("ground", "marks");
    this.need();
  }

  hide(hidden: Hidden): void {
    this.model.hide(hidden);
    this.painter.spoil("marks");
    this.need();
  }

  rezone(zone: Zone): void {
    this.painter.zone = zone;
    this.painter.spoil("ground");
    this.need();
  }

  /** What there is at a moment, and within a few px of it. */
  there(at: number): There {
    return this.model.there(at, NEAR_PX * lengthOf(this.view) / this.width);
  }

  /** Draw with the next frame; however often it is asked for, there is one. */
  need(): void {
    if (!this.asked) this.asked = requestAnimationFrame((now) => this.frame(now));
  }

  show(view: View): void {
    this.motion.halt();
    this.look(fitted(view.from, view.to));
  }

  /** Go there, in a few frames where the viewer likes movement. */
  go(view: View): void {
    const to = bounded(fitted(view.from, view.to), this.options.now());
    if (this.options.isStill()) return this.show(to);
    this.motion.go(this.view, to, performance.now());
    this.need();
  }

  /** `factor` times as long around the playhead where it is in sight, else around the middle. */
  zoom(factor: number): void {
    const view = this.motion.to ?? this.view;
    const at = this.head !== null && view.from < this.head && this.head < view.to ? this.head : (view.from + view.to) / 2;
    this.go(zoomed(view, factor, at));
  }

  /** Go on by a share of what is seen. */
  pan(share: number): void {
    const view = this.motion.to ?? this.view;
    this.go(moved(view, share * lengthOf(view)));
  }

  centre(at: number): void {
    this.go(centred(this.view, at));
  }

  /** Bring a moment into sight at `share` of the width, unless the viewer is moving the view or sees it already. */
  follow(at: number, share: number): void {
    if (this.state.kind !== "idle" || this.motion.isMoving || this.view.from <= at && at < this.view.to) return;
    this.go(moved(this.view, at - this.view.from - share * lengthOf(this.view)));
  }

  /** A pointer or wheel at (x, y) of the canvas. */
  input(input: Input): void {
    const [state, acts] = step(this.state, input);
    this.state = state;
    for (const act of acts) this.act(act);
    this.need();
  }

  part(x: number, y: number, isTouch: boolean): ReturnType<typeof partAt> {
    const grabs = { selection: this.selection, head: this.head, axis: this.painter.rows.marks.top };
    return partAt(x, y, this.view, this.width, grabs, isTouch);
  }

  cursor(x: number, y: number): string {
    return cursorOf(this.part(x, y, false), this.state.kind === "panning");
  }

  /** The pointer is at x; null: it left. */
  point(x: number | null): void {
    this.hover = x === null ? null : this.at(x);
    this.options.told.hover(this.hover, x ?? 0);
    this.need();
  }

  at(x: number): number {
    return atOf(this.view, this.width, x);
  }

  x(at: number): number {
    return xOf(this.view, this.width, at);
  }

  private act(act: Act): void {
    const { told } = this.options;
    switch (act.do) {
      case "hold": return this.motion.halt();
      case "pan": return this.look(moved(this.view, -act.by / this.width * lengthOf(this.view)));
      case "zoom": return this.look(zoomed(this.view, act.factor, this.at(act.x)));
      case "closer": return this.go(zoomed(this.view, STEP, this.at(act.x)));
      case "glide": return this.options.isStill() ? undefined : this.motion.glide(act.speed);
      case "pick": return told.pick(this.at(act.x));
      case "scrub": return act.done ? told.pick(this.at(act.x)) : this.point(act.x);
      case "edge": return this.choose(this.selection && edged(this.selection, act.part, this.at(act.x)), act.done);
      case "carry": return this.choose(this.selection && carried(this.selection, act.by / this.width * lengthOf(this.view)), act.done);
      case "span": return this.choose(spanned(this.at(act.from), this.at(act.to)), act.done);
    }
  }

  private choose(span: Span | null, done: boolean): void {
    if (!span) return;
    this.selection = span;
    this.options.told.select(span, done);
  }

  private look(view: View): void {
    this.view = bounded(view, this.options.now());
    this.options.told.moved(this.view);
    this.need();
  }

  private frame(now: number): void {
    const began = performance.now();
    this.asked = 0;
    const view = this.motion.advance(this.view, this.width, now);
    if (view) this.look(view);
    const { head, hover, selection, frames } = this;
    this.painter.paint(this.view, { now: this.options.now(), head, hover, selection, frames });
    this.spent[this.count++ % KEPT] = performance.now() - began;
  }
}
