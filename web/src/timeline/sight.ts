/** The view and everything that moves it: at once, by itself, or in a few frames. */

import { Motion } from "./motion";
import { type View, bounded, centred, fitted, lengthOf, moved, zoomed } from "./view";

const HOUR = 3_600_000;

export interface Watch {
  now: () => number;
  /** Whether the viewer wants nothing to move by itself. */
  isStill: () => boolean;
  /** The view is another one. */
  changed: (view: View) => void;
  /** Another frame is wanted. */
  need: () => void;
}

export class Sight {
  /** The last hour, and a little of what comes, to begin with. */
  view: View;
  /** The playhead: buttons zoom around it where it is in sight. */
  head: number | null = null;
  private readonly motion = new Motion();

  constructor(private readonly watch: Watch) {
    const now = watch.now();
    this.view = { from: now - 0.97 * HOUR, to: now + 0.03 * HOUR };
  }

  /** Be there with the next frame. */
  show(view: View): void {
    this.motion.halt();
    this.look(fitted(view.from, view.to));
  }

  /** Go there, in a few frames where the viewer likes movement. */
  go(view: View): void {
    const to = bounded(fitted(view.from, view.to), this.watch.now());
    if (this.watch.isStill()) return this.show(to);
    this.motion.go(this.view, to, performance.now());
    this.watch.need();
  }

  /** `factor` times as long around the playhead where it is in sight, else around the middle. */
  zoom(factor: number): void {
    const view = this.motion.to ?? this.view;
    const at = this.head !== null && view.from < this.head && this.head < view.to ? this.head : (view.from + view.to) / 2;
    this.go(zoomed(view, factor, at));
  }

  /** `factor` times as long at once, `at` staying where it is. */
  zoomAt(factor: number, at: number): void {
    this.look(zoomed(this.view, factor, at));
  }

  /** Go on by a share of what is seen. */
  pan(share: number): void {
    const view = this.motion.to ?? this.view;
    this.go(moved(view, share * lengthOf(view)));
  }

  /** Be so many ms later at once. */
  move(by: number): void {
    this.look(moved(this.view, by));
  }

  centre(at: number): void {
    this.go(centred(this.view, at));
  }

  /** Bring a moment into sight at `share` of the width, unless something moves or it is in sight. */
  follow(at: number, share: number): void {
    if (this.motion.isMoving || this.view.from <= at && at < this.view.to) return;
    this.go(moved(this.view, at - this.view.from - share * lengthOf(this.view)));
  }

  /** Go on at so many px/ms after a drag. */
  glide(speed: number): void {
    if (!this.watch.isStill()) this.motion.glide(speed);
  }

  halt(): void {
    this.motion.halt();
  }

  /** What moved by itself since the frame before. */
  advance(width: number, now: number): void {
    const view = this.motion.advance(this.view, width, now);
    if (view) this.look(view);
  }

  private look(view: View): void {
    this.view = bounded(view, this.watch.now());
    this.watch.changed(this.view);
    this.watch.need();
  }
}
