/** What keys mean on the timeline and on a handle of the selection. */

export type Command =
  | { do: "step"; share: number }
  | { do: "pan"; share: number }
  | { do: "zoom"; factor: number }
  | { do: "edge"; to: "start" | "end" };

/** A step is so much of what is seen. */
const STEP = 0.01;
const STRIDE = 0.1;

/** Arrows step, with shift ten times as far; pages pan; plus and minus zoom; null: none of ours. */
export function commandOf(key: string, shift: boolean): Command | null {
  const share = shift ? STRIDE : STEP;
  switch (key) {
    case "ArrowLeft": case "ArrowDown": return { do: "step", share: -share };
    case "ArrowRight": case "ArrowUp": return { do: "step", share };
    case "PageUp": return { do: "pan", share: -0.8 };
    case "PageDown": return { do: "pan", share: 0.8 };
    case "+": case "=": return { do: "zoom", factor: 0.5 };
    case "-": return { do: "zoom", factor: 2 };
    case "Home": return { do: "edge", to: "start" };
    case "End": return { do: "edge", to: "end" };
    default: return null;
  }
}
