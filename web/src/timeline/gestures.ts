/** What pointers and wheels mean, as a pure step: a state and an input give the next state and what is to be done. */

/** What lies under a pointer when it goes down. */
export type Part = "ground" | "start" | "end" | "body" | "head";

export type Input =
  | { type: "down"; id: number; x: number; t: number; part: Part; shift: boolean }
  | { type: "move"; id: number; x: number; t: number }
  | { type: "up"; id: number; x: number; y: number; t: number }
  | { type: "cancel"; id: number }
  | { type: "wheel"; x: number; dx: number; dy: number; unit: number; pinch: boolean; shift: boolean };

/** What is to be done; lengths in px, times in ms. */
export type Act =
  | { do: "pan"; by: number }
  | { do: "zoom"; factor: number; x: number }
  | { do: "glide"; speed: number }
  | { do: "hold" }
  | { do: "pick"; x: number; y: number }
  | { do: "closer"; x: number }
  | { do: "scrub"; x: number; done: boolean }
  | { do: "edge"; part: "start" | "end"; x: number; done: boolean }
  | { do: "carry"; by: number; done: boolean }
  | { do: "span"; from: number; to: number; done: boolean };

interface Finger { id: number; x: number }
interface Sample { x: number; t: number }
interface Tap { x: number; t: number }

export type State =
  | { kind: "idle"; tap?: Tap }
  | { kind: "pressed"; finger: Finger; t: number; part: Part; shift: boolean; tap?: Tap }
  | { kind: "panning"; finger: Finger; samples: Sample[] }
  | { kind: "dragging"; finger: Finger; part: Exclude<Part, "ground"> }
  | { kind: "spanning"; finger: Finger; from: number }
  | { kind: "pinching"; one: Finger; other: Finger };

export type Step = readonly [State, Act[]];

/** A pointer that moves so far, px, drags. */
const SLOP = 5;
/** Two taps so close in time, ms, and place, px, are one double tap. */
const DOUBLE_MS = 320;
const DOUBLE_PX = 12;
/** Speed is taken from the last so many ms before a release. */
const RECENT_MS = 90;
/** Slower than this, px/ms, nothing glides. */
const SLOW = 0.15;
const WHEEL_UNITS = [1, 16, 400];

export const IDLE: State = { kind: "idle" };

export function step(state: State, input: Input): Step {
  switch (input.type) {
    case "down": return down(state, input);
    case "move": return move(state, input);
    case "up": return up(state, input);
    case "cancel": return hasFinger(state, input.id) ? [IDLE, []] : [state, []];
    case "wheel": return [state, wheel(input)];
  }
}

function down(state: State, { id, x, t, part, shift }: Input & { type: "down" }): Step {
  if (state.kind === "pressed" || state.kind === "panning") {
    return [{ kind: "pinching", one: state.finger, other: { id, x } }, [{ do: "hold" }]];
  }
  if (state.kind !== "idle") return [state, []];
  return [{ kind: "pressed", finger: { id, x }, t, part, shift, ...(state.tap && { tap: state.tap }) }, [{ do: "hold" }]];
}

function move(state: State, { id, x, t }: Input & { type: "move" }): Step {
  if (state.kind === "pinching") return pinch(state, id, x);
  if (state.kind === "idle" || state.finger.id !== id) return [state, []];
  const finger = { id, x };
  const by = x - state.finger.x;
  switch (state.kind) {
    case "pressed": return Math.abs(by) < SLOP ? [state, []] : begun(state, finger, t);
    case "panning": return [{ ...state, finger, samples: [...state.samples.filter((one) => t - one.t < RECENT_MS), { x, t }] }, [{ do: "pan", by }]];
    case "spanning": return [{ ...state, finger }, [{ do: "span", from: state.from, to: x, done: false }]];
    case "dragging": return [{ ...state, finger }, [dragged(state.part, x, by, false)]];
  }
}

/** The first move that is no trembling: what was pressed says what it means. */
function begun(state: State & { kind: "pressed" }, finger: Finger, t: number): Step {
  const by = finger.x - state.finger.x;
  if (state.shift) return [{ kind: "spanning", finger, from: state.finger.x }, [{ do: "span", from: state.finger.x, to: finger.x, done: false }]];
  if (state.part === "ground") return [{ kind: "panning", finger, samples: [{ x: finger.x, t }] }, [{ do: "pan", by }]];
  return [{ kind: "dragging", finger, part: state.part }, [dragged(state.part, finger.x, by, false)]];
}

function dragged(part: Exclude<Part, "ground">, x: number, by: number, done: boolean): Act {
  if (part === "head") return { do: "scrub", x, done };
  return part === "body" ? { do: "carry", by, done } : { do: "edge", part, x, done };
}

/** Both fingers stay on the moments they were put on. */
function pinch(state: State & { kind: "pinching" }, id: number, x: number): Step {
  if (id !== state.one.id && id !== state.other.id) return [state, []];
  const next = id === state.one.id ? { ...state, one: { id, x } } : { ...state, other: { id, x } };
  const [before, after] = [apart(state), apart(next)];
  const [middle, was] = [(next.one.x + next.other.x) / 2, (state.one.x + state.other.x) / 2];
  return [next, [{ do: "pan", by: middle - was }, { do: "zoom", factor: before / after, x: middle }]];
}

const apart = ({ one, other }: State & { kind: "pinching" }): number => Math.max(Math.abs(one.x - other.x), 20);

function up(state: State, { id, x, y, t }: Input & { type: "up" }): Step {
  if (!hasFinger(state, id)) return [state, []];
  switch (state.kind) {
    case "pressed": return tapped(state, x, y, t);
    case "panning": return [IDLE, glide(state.samples, x, t)];
    case "pinching": {
      const left = state.one.id === id ? state.other : state.one;
      return [{ kind: "panning", finger: left, samples: [] }, []];
    }
    case "dragging": return [IDLE, [dragged(state.part, x, x - state.finger.x, true)]];
    case "spanning": return [IDLE, [{ do: "span", from: state.from, to: x, done: true }]];
    case "idle": return [state, []];
  }
}

function tapped(state: State & { kind: "pressed" }, x: number, y: number, t: number): Step {
  const tap = state.tap;
  if (tap && t - tap.t < DOUBLE_MS && Math.abs(x - tap.x) < DOUBLE_PX) return [IDLE, [{ do: "closer", x }]];
  return [{ kind: "idle", tap: { x, t } }, [{ do: "pick", x, y }]];
}

function glide(samples: Sample[], x: number, t: number): Act[] {
  const first = samples.find((one) => t - one.t < RECENT_MS);
  if (!first || t - first.t < 1) return [];
  const speed = (x - first.x) / (t - first.t);
  return Math.abs(speed) > SLOW ? [{ do: "glide", speed }] : [];
}

function wheel({ x, dx, dy, unit, pinch, shift }: Input & { type: "wheel" }): Act[] {
  const scale = WHEEL_UNITS[unit] ?? 1;
  if (!pinch && (shift || Math.abs(dx) > Math.abs(dy))) return [{ do: "hold" }, { do: "pan", by: -(dx || dy) * scale }];
  const turned = Math.min(Math.max(dy * scale, -240), 240);
  return turned ? [{ do: "hold" }, { do: "zoom", factor: Math.exp(turned * (pinch ? 0.01 : 0.002)), x }] : [];
}

function hasFinger(state: State, id: number): boolean {
  if (state.kind === "idle") return false;
  return state.kind === "pinching" ? state.one.id === id || state.other.id === id : state.finger.id === id;
}
