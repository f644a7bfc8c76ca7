import { expect, test } from "vitest";
import { Motion, glided } from "./motion";

const view = { from: 0, to: 100_000 };

test("a glide slows down, ends, and goes as far whatever the frames", () => {
  const far = (ms: number): number => {
    let [sum, speed] = [0, 2];
    for (let round = 0; round < 1000 && speed; round++) {
      const step = glided(speed, ms);
      sum += step.by;
      speed = step.speed;
    }
    expect(speed).toBe(0);
    return sum;
  };
  expect(far(8)).toBeGreaterThan(500);
  expect(Math.abs(far(8) - far(33))).toBeLessThan(15);
});

test("a way ends exactly where it leads and then nothing moves", () => {
  const motion = new Motion();
  const to = { from: 40_000, to: 50_000 };
  motion.go(view, to, 1000);
  const half = motion.advance(view, 1000, 1060)!;
  expect(half.from).toBeGreaterThan(0);
  expect(half.from).toBeLessThan(40_000);
  expect(motion.advance(half, 1000, 1500)).toEqual(to);
  expect(motion.isMoving).toBe(false);
  expect(motion.advance(to, 1000, 1520)).toBeNull();
});

test("a halt stops at once, and a frame that was late is no leap", () => {
  const motion = new Motion();
  motion.glide(1);
  const after = motion.advance(view, 1000, 60_000)!;
  expect(-after.from / 100).toBeLessThanOrEqual(50);
  motion.halt();
  expect(motion.advance(after, 1000, 60_016)).toBeNull();
});
