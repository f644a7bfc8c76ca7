/** Movement that goes on by itself: gliding after a drag, and the way from one view to another. */

import { type View, between, lengthOf, moved } from "./view";

/** Speed falls to a third in so many ms. */
const FADING_MS = 325;
/** Slower than this, px/ms, it stands. */
const STANDING = 0.02;
const EASING_MS = 180;
/** A frame that took longer, because the page was busy or away, counts as so long. */
const LONGEST_MS = 50;

/** A movement towards a view, begun at a time of the frame clock. */
interface Way { from: View; to: View; began: number }

export class Motion {
  private way: Way | null = null;
  private speed = 0;
  private last = 0;

  get isMoving(): boolean {
    return this.way !== null || this.speed !== 0;
  }

  /** Where it goes; null while it goes nowhere in particular. */
  get to(): View | null {
    return this.way?.to ?? null;
  }

  halt(): void {
    this.way = null;
    this.speed = 0;
  }

  /** Go on at so many px/ms, slower and slower. */
  glide(speed: number): void {
    this.way = null;
    this.speed = speed;
  }

  go(from: View, to: View, now: number): void {
    this.speed = 0;
    this.way = { from, to, began: now };
  }

  /** The view of a frame; null where nothing moves by itself. */
  advance(view: View, width: number, now: number): View | null {
    const passed = Math.min(now - this.last, LONGEST_MS);
    this.last = now;
    if (this.way) {
      const { view: next, done } = along(this.way, now);
      if (done) this.way = null;
      return next;
    }
    if (!this.speed) return null;
    const { by, speed } = glided(this.speed, passed);
    this.speed = speed;
    return moved(view, -by / width * lengthOf(view));
  }
}

/** px that a glide moves in `ms`, and its speed after that; speed 0: it stands. */
export function glided(speed: number, ms: number): { by: number; speed: number } {
  const after = speed * Math.exp(-ms / FADING_MS);
  return { by: FADING_MS * (speed - after), speed: Math.abs(after) < STANDING ? 0 : after };
}

/** Where a movement is at a time; quick first, slow at the end. */
export function along(way: Way, now: number): { view: View; done: boolean } {
  const share = Math.min(Math.max((now - way.began) / EASING_MS, 0), 1);
  if (share === 1) return { view: way.to, done: true };
  return { view: between(way.from, way.to, 1 - (1 - share) ** 3), done: false };
}
