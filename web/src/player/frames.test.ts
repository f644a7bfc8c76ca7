import { describe, expect, it } from "vitest";
import { Frames } from "./frames";

const run = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from + index * 0.04);

/** Two pieces that touch on the player's time line, an hour apart in truth. */
function loaded(): Frames {
  const frames = new Frames();
  frames.add({ start_ms: 1_003_600_000, times: run(2, 50), keys: [0, 25] });
  frames.add({ start_ms: 1_000_000_000, times: run(0, 50), keys: [0] });
  return frames;
}

describe("frames", () => {
  it("tell the true time of the frame that is shown", () => {
    const frames = loaded();
    expect(frames.msAt(0.05)).toBeCloseTo(1_000_000_040, 3);
    expect(frames.msAt(2.0)).toBeCloseTo(1_003_600_000, 3);
    expect(frames.msAt(9)).toBeNull();
  });

  it("know where the frame of any moment lies", () => {
    const frames = loaded();
    for (let ms = 1_003_600_000; ms < 1_003_602_000; ms += 7) {
      expect(frames.msAt(frames.placeOf(ms)!)).toBeCloseTo(1_003_600_000 + Math.floor((ms - 1_003_600_000) / 40) * 40, 3);
    }
    expect(frames.placeOf(1_000_002_000)).toBeNull();
    expect(frames.placeOf(999_999_999)).toBeNull();
  });

  it("know that the moment between two pieces is the first of the later one", () => {
    for (let from = 0; from < 400; from += 2) {
      const frames = new Frames();
      frames.add({ start_ms: from * 1000, times: run(from, 50), keys: [0] });
      frames.add({ start_ms: (from + 2) * 1000, times: run(from + 2, 50), keys: [0] });
      expect(frames.msAt(frames.placeOf((from + 2) * 1000)!)).toBeCloseTo((from + 2) * 1000, 3);
    }
  });

  it("go to every frame once, there and back, over a border of pieces", () => {
    const frames = loaded();
    const seen: number[] = [];
    let place: number | null = 0.01;
    while (place !== null) {
      seen.push(frames.msAt(place)!);
      place = frames.beside(place, 1);
    }
    expect(seen).toHaveLength(100);
    let back: number | null = frames.placeOf(seen.at(-1)!);
    for (const ms of [...seen].reverse()) {
      expect(frames.msAt(back!)).toBeCloseTo(ms, 3);
      back = frames.beside(back!, -1);
    }
    expect(back).toBeNull();
  });

  it("do not step over what was not loaded", () => {
    const frames = new Frames();
    frames.add({ start_ms: 0, times: run(0, 50), keys: [0] });
    frames.add({ start_ms: 4000, times: run(4, 50), keys: [0] });
    expect(frames.beside(1.97, 1)).toBeNull();
    expect(frames.beside(4.01, -1)).toBeNull();
  });

  it("replace what lies at the same place", () => {
    const frames = loaded();
    frames.add({ start_ms: 5_000_000, times: run(0, 50), keys: [0] });
    expect(frames.msAt(0)).toBe(5_000_000);
    expect(frames.msAt(2.5)).toBeGreaterThan(1_003_600_000);
  });

  it("find the next key frame", () => {
    expect(loaded().keyFrom(2.5)).toBeCloseTo(3.02, 5);
    expect(loaded().keyFrom(3.5)).toBeNull();
  });
});
