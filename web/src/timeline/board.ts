/** The timeline on its canvas: turns pointers into views, views into frames, and tells the page what was meant. */

import type { Content, Frame, Mark, Span } from "./content";
import { type Costs, Recent } from "./costs";
import { type Act, IDLE, type Input, type State, step } from "./gestures";
import { cursorOf, laneAt, partAt } from "./hits";
import { type Hidden, Model, type There } from "./model";
import { Painter } from "./painter";
import { Sight } from "./sight";
import { carried, edged, spanned } from "./selection";
import { onTheme } from "./theme";
import { type View, atOf, lengthOf, zoomed } from "./view";
import type { Zone } from "./zone";

/** What the page hears. Times are UTC ms, not rounded; `x` px from the left. */
export interface Told {
  /** `mark`: the episode that was hit; one too narrow to choose a moment of is played from its beginning. */
  pick(at: number, mark: Mark | null): void;
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

/** A hover reaches so many px to both sides. */
const NEAR_PX = 4;
const STEP = 0.5;
/** The line of now is drawn again when it is a px farther, within these limits. */
const SOON_MS = 40;
const LATE_MS = 1000;
/** Where the playhead comes back into sight: most of what follows is then seen. */
const AHEAD = 0.1;

export class Board {
  readonly model = new Model();
  readonly sight: Sight;
  selection: Span | null = null;
  frames: readonly Frame[] = [];
  private hover: number | null = null;
  private state: State = IDLE;
  private asked = 0;
  private ticking: ReturnType<typeof setTimeout> | undefined;
  private readonly spent = new Recent();
  private readonly painter: Painter;
  private readonly ends: (() => void)[] = [];

  constructor(private readonly canvas: HTMLCanvasElement, probe: HTMLElement, private readonly options: Options) {
    const { now, isStill, told } = options;
    this.sight = new Sight({ now, isStill, changed: (view) => told.moved(view), need: () => this.need() });
    this.painter = new Painter(canvas, probe, this.model, options.zone, options.why);
    this.painter.resize();
    const sizes = new ResizeObserver(() => {
      this.painter.resize(); // empties the canvas: it is drawn before the page is, or it would flicker
      this.paint();
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
    clearTimeout(this.ticking);
    this.asked = -1;
    for (const end of this.ends) end();
  }

  get costs(): Costs {
    return { frames: this.spent.count, drawn: this.painter.drawn, ms: this.spent.all };
  }

  get view(): View {
    return this.sight.view;
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

  /** Keep the playhead in sight while nobody has a hand on the timeline. */
  follow(at: number): void {
    if (this.state.kind === "idle") this.sight.follow(at, AHEAD);
  }

  /** A pointer or wheel at (x, y) of the canvas. */
  input(input: Input): void {
    const [state, acts] = step(this.state, input);
    this.state = state;
    for (const act of acts) this.act(act);
    this.need();
  }

  part(x: number, y: number, isTouch: boolean): ReturnType<typeof partAt> {
    const grabs = { selection: this.selection, head: this.sight.head, axis: this.painter.rows.marks.top };
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

  private act(act: Act): void {
    const { told } = this.options;
    switch (act.do) {
      case "hold": return this.sight.halt();
      case "pan": return this.sight.move(-act.by / this.width * lengthOf(this.view));
      case "zoom": return this.sight.zoomAt(act.factor, this.at(act.x));
      case "closer": return this.sight.go(zoomed(this.view, STEP, this.at(act.x)));
      case "glide": return this.sight.glide(act.speed);
      case "pick": return this.pick(act.x, act.y);
      case "scrub": return act.done ? told.pick(this.at(act.x), null) : this.point(act.x);
      case "edge": return this.choose(this.selection && edged(this.selection, act.part, this.at(act.x)), act.done);
      case "carry": return this.choose(this.selection && carried(this.selection, act.by / this.width * lengthOf(this.view)), act.done);
      case "span": return this.choose(spanned(this.at(act.from), this.at(act.to)), act.done);
    }
  }

  private pick(x: number, y: number): void {
    const lane = laneAt(y, this.painter.rows);
    const near = NEAR_PX * lengthOf(this.view) / this.width;
    const mark = lane ? this.model.lanes[lane].at(this.at(x), near).at(-1) ?? null : null;
    const isNarrow = mark && mark.end_ms - mark.start_ms < 3 * near;
    this.options.told.pick(isNarrow ? mark.start_ms : this.at(x), mark);
  }

  private choose(span: Span | null, done: boolean): void {
    if (!span) return;
    this.selection = span;
    this.options.told.select(span, done);
  }

  private frame(now: number): void {
    const began = performance.now();
    this.asked = 0;
    this.sight.advance(this.width, now);
    this.paint();
    this.spent.add(performance.now() - began);
  }

  private paint(): void {
    const { hover, selection, frames, sight, view } = this;
    const now = this.options.now();
    this.painter.paint(view, { now, head: sight.head, hover, selection, frames, edge: this.model.edge(now) });
    clearTimeout(this.ticking);
    if (now < view.from || now > view.to) return;
    const px = lengthOf(view) / this.width;
    this.ticking = setTimeout(() => this.need(), Math.min(Math.max(px, SOON_MS), LATE_MS));
  }
}
