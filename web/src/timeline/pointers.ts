/** Listens to the pointers, the wheel and the cursor of a canvas for its board. */

import type { Board } from "./board";

/** Begin to listen; answers how to stop. */
export function listen(canvas: HTMLCanvasElement, board: Board): () => void {
  const listening = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(name: K, act: (event: HTMLElementEventMap[K]) => void): void =>
    canvas.addEventListener(name, act as EventListener, { signal: listening.signal, passive: false });
  on("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    const { x, y } = placeOf(event, canvas);
    board.input({ type: "down", id: event.pointerId, x, t: event.timeStamp, part: board.part(x, y, event.pointerType !== "mouse"), shift: event.shiftKey });
  });
  on("pointermove", (event) => {
    const { x, y } = placeOf(event, canvas);
    board.input({ type: "move", id: event.pointerId, x, t: event.timeStamp });
    canvas.style.cursor = board.cursor(x, y);
    if (event.pointerType === "mouse" || event.buttons) board.point(x);
  });
  on("pointerup", (event) => {
    board.input({ type: "up", id: event.pointerId, ...placeOf(event, canvas), t: event.timeStamp });
    if (event.pointerType !== "mouse") board.point(null);
  });
  on("pointercancel", (event) => {
    board.input({ type: "cancel", id: event.pointerId });
    board.point(null);
  });
  on("pointerleave", (event) => event.pointerType === "mouse" && board.point(null));
  on("wheel", (event) => {
    event.preventDefault();
    const { x } = placeOf(event, canvas);
    board.input({ type: "wheel", x, dx: event.deltaX, dy: event.deltaY, unit: event.deltaMode, pinch: event.ctrlKey, shift: event.shiftKey });
    board.point(x);
  });
  return () => listening.abort();
}

function placeOf(event: MouseEvent, canvas: HTMLCanvasElement): { x: number; y: number } {
  const { left, top } = canvas.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}
