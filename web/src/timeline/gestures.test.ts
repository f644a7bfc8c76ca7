import { expect, test } from "vitest";
import { type Act, IDLE, type Input, type Part, type State, step } from "./gestures";

/** Every act of a row of inputs, and the state after them. */
function played(inputs: Input[], state: State = IDLE): { acts: Act[]; state: State } {
  const acts: Act[] = [];
  for (const input of inputs) {
    const [next, done] = step(state, input);
    state = next;
    acts.push(...done);
  }
  return { acts, state };
}

const down = (x: number, t = 0, more: { id?: number; part?: Part; shift?: boolean } = {}): Input =>
  ({ type: "down", id: 1, x, t, part: "ground", shift: false, ...more });
const move = (x: number, t = 0, id = 1): Input => ({ type: "move", id, x, t });
const up = (x: number, t = 0, id = 1): Input => ({ type: "up", id, x, y: 50, t });
const wheel = (more: Partial<Input & { type: "wheel" }>): Input => ({ type: "wheel", x: 100, dx: 0, dy: 0, unit: 0, pinch: false, shift: false, ...more });
const doing = (acts: Act[]): string[] => acts.map((one) => one.do);

test("a press and a release without moving picks", () => {
  expect(played([down(100), move(102, 20), up(102, 60)]).acts).toEqual([{ do: "hold" }, { do: "pick", x: 102, y: 50 }]);
});

test("two taps in the same place come closer, and pick once", () => {
  const { acts } = played([down(100), up(100, 50), down(103, 150), up(103, 200)]);
  expect(doing(acts)).toEqual(["hold", "pick", "hold", "closer"]);
  expect(doing(played([down(100), up(100, 50), down(103, 900), up(103, 950)]).acts)).toEqual(["hold", "pick", "hold", "pick"]);
  expect(doing(played([down(100), up(100, 50), down(180, 150), up(180, 200)]).acts)).toEqual(["hold", "pick", "hold", "pick"]);
});

test("a drag moves the ground by exactly what the pointer moved and does not pick", () => {
  const { acts } = played([down(100), move(103, 10), move(120, 20), move(90, 200), up(90, 900)]);
  expect(doing(acts)).toEqual(["hold", "pan", "pan"]);
  expect(acts.reduce((sum, one) => sum + (one.do === "pan" ? one.by : 0), 0)).toBe(-10);
});

test("a quick drag goes on by itself, one that rested does not", () => {
  const quick = played([down(0), move(30, 10), move(60, 20), move(90, 30), up(90, 35)]).acts.at(-1);
  expect(quick).toMatchObject({ do: "glide" });
  expect((quick as { speed: number }).speed).toBeGreaterThan(1.5);
  expect(doing(played([down(0), move(30, 10), move(60, 20), up(60, 400)]).acts)).not.toContain("glide");
});

test("two fingers zoom and keep the moments that they are on", () => {
  let [from, to] = [0, 1000];
  const width = 1000;
  const at = (x: number): number => from + x / width * (to - from);
  let state: State = IDLE;
  const play = (input: Input): void => {
    const [next, acts] = step(state, input);
    state = next;
    for (const act of acts) {
      if (act.do === "pan") [from, to] = [from - act.by / width * (to - from), to - act.by / width * (to - from)];
      if (act.do === "zoom") {
        const pinned = at(act.x);
        [from, to] = [pinned - (pinned - from) * act.factor, pinned + (to - pinned) * act.factor];
      }
    }
  };
  play(down(400));
  play(down(600, 5, { id: 2 }));
  for (let round = 1; round <= 20; round++) {
    play(move(400 - round * 7, round * 10));
    play(move(600 + round * 12, round * 10 + 5, 2));
  }
  expect(at(260)).toBeCloseTo(400, 6);
  expect(at(840)).toBeCloseTo(600, 6);
  play(up(260, 300));
  expect(state.kind).toBe("panning");
  play(up(840, 310, 2));
  expect(state).toEqual(IDLE);
});

test("a third finger changes nothing", () => {
  const two = played([down(100), down(200, 0, { id: 2 })]).state;
  expect(step(two, down(300, 0, { id: 3 }))).toEqual([two, []]);
  expect(step(two, move(300, 0, 3))).toEqual([two, []]);
});

test("handles are dragged, and let go where the pointer is", () => {
  for (const part of ["start", "end"] as const) {
    expect(played([down(100, 0, { part }), move(130), up(140)]).acts.slice(1)).toEqual([
      { do: "edge", part, x: 130, done: false }, { do: "edge", part, x: 140, done: true },
    ]);
  }
  expect(played([down(100, 0, { part: "head" }), move(130), up(140)]).acts.slice(1)).toEqual([
    { do: "scrub", x: 130, done: false }, { do: "scrub", x: 140, done: true },
  ]);
  const carried = played([down(100, 0, { part: "body" }), move(130), move(120), up(125)]).acts.slice(1);
  expect(carried.map((one) => (one as { by: number }).by)).toEqual([30, -10, 5]);
});

test("shift and drag selects from where it was pressed", () => {
  expect(played([down(100, 0, { shift: true }), move(150), up(160)]).acts.slice(1)).toEqual([
    { do: "span", from: 100, to: 150, done: false }, { do: "span", from: 100, to: 160, done: true },
  ]);
});

test("a press on a handle that does not move picks like any other", () => {
  expect(doing(played([down(100, 0, { part: "head" }), up(100, 40)]).acts)).toEqual(["hold", "pick"]);
});

test("the wheel zooms at the pointer, sideways it pans, and lines and pages count as px", () => {
  const [zoom] = played([wheel({ dy: -120 })]).acts.slice(1);
  expect(zoom).toMatchObject({ do: "zoom", x: 100 });
  expect((zoom as { factor: number }).factor).toBeLessThan(1);
  expect(played([wheel({ dx: 30, dy: 4 })]).acts[1]).toEqual({ do: "pan", by: -30 });
  expect(played([wheel({ dy: 30, shift: true })]).acts[1]).toEqual({ do: "pan", by: -30 });
  expect(played([wheel({ dy: 3, unit: 1 })]).acts[1]).toEqual(played([wheel({ dy: 48 })]).acts[1]);
  expect(played([wheel({ dy: 1000 })]).acts[1]).toEqual(played([wheel({ dy: 240 })]).acts[1]);
});

test("a pinch on a touchpad zooms faster than a wheel", () => {
  const factor = (pinch: boolean): number => (played([wheel({ dy: 10, pinch })]).acts[1] as { factor: number }).factor;
  expect(factor(true)).toBeGreaterThan(factor(false));
});

test("whatever pointers do, when all are gone nothing is held", () => {
  let seed = 1;
  const lot = (n: number): number => (seed = (seed * 48_271) % 2_147_483_647) % n;
  for (let round = 0; round < 300; round++) {
    let state: State = IDLE;
    const there = new Set<number>();
    for (let index = 0; index < 40; index++) {
      const id = 1 + lot(3);
      const x = lot(1000);
      if (!there.has(id)) {
        there.add(id);
        state = step(state, down(x, index, { id, shift: lot(4) === 0 }))[0];
      } else if (lot(3)) state = step(state, move(x, index, id))[0];
      else {
        there.delete(id);
        state = step(state, lot(2) ? up(x, index, id) : { type: "cancel", id })[0];
      }
    }
    for (const id of there) state = step(state, up(0, 99, id))[0];
    expect(state.kind).toBe("idle");
  }
});
