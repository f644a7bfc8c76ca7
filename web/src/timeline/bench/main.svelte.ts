/** The timeline alone with a made-up archive, driven frame by frame: `?marks=50000&theme=light`. Used by tests and bench only. */

import { mount } from "svelte";
import "../../app.css";
import { ORIGINS, type Origin, type Span } from "../content";
import { rowsOf } from "../rows";
import { type Rgb, contrast } from "../../lib/colour";
import Timeline from "../Timeline.svelte";
import { coloursOf } from "../theme";
import { type View, xOf } from "../view";
import { DAY, MadeArchive } from "./archive";

const NOW = 1_790_000_000_000;
const query = new URLSearchParams(location.search);
/** A shape at the beginning of an episode reaches so many px beyond it. */
const SHAPE = 10;
const number = (name: string, otherwise: number): number => Number(query.get(name) ?? otherwise);
const archive = new MadeArchive(NOW, number("marks", 50_000), query.has("counted"));
const heard: { name: string; what: unknown }[] = [];
const hear = (name: string) => (what: unknown) => void heard.push({ name, what });
document.documentElement.dataset.theme = query.get("theme") ?? "dark";
document.body.style.padding = "240px 16px 16px";

const begin: View = { from: NOW - number("days", 1) * DAY, to: NOW + number("days", 1) * DAY * 0.03 };
const HEAD = begin.from + (begin.to - begin.from) * 0.7;
const span: Span | null = query.has("selection") ? { start_ms: begin.from + (begin.to - begin.from) * 0.5, end_ms: begin.from + (begin.to - begin.from) * 0.6 } : null;
const frames = query.has("frame") ? [{ start_ms: begin.from + (begin.to - begin.from) * 0.2, end_ms: begin.from + (begin.to - begin.from) * 0.4, title: "Shared with the police" }] : [];
const picture = async (): Promise<Blob> => new Blob(['<svg xmlns="http://www.w3.org/2000/svg" width="160" height="90"><rect width="160" height="90" fill="teal"/></svg>'], { type: "image/svg+xml" });
const props = $state({
  media: "gate", view: begin, head: HEAD, selection: span, frames, picture, ask: archive.ask, now: () => NOW, zone: query.get("zone") ?? "Europe/Warsaw",
  onpick: (at: number, mark: unknown) => hear("pick")({ at, mark }), onmoved: (view: View) => void (measured.view = view),
  onselect: (what: Span, done: boolean) => hear("select")({ ...what, done }),
});
const timeline = mount(Timeline, { target: document.getElementById("app")!, props });
const canvas = document.querySelector("canvas")!;
const frame = (): Promise<number> => new Promise((done) => requestAnimationFrame(done));

/** What a script does with the page. */
const measured = {
  timeline, archive, heard, span, view: begin,
  painted, unlike, contrasts,
  /** Show another camera; all but `gate` are empty. */
  choose(media: string): void {
    props.media = media;
  },
  /** Wheel `turns` px in each of so many frames; frames, draws and ms of script of each. */
  async wheel(frames: number, { dx = 0, dy = 0 }): Promise<unknown> {
    return driven(frames, () => turn(dx, dy));
  },
  /** The same with a hand on the canvas that goes left and right. */
  async drag(frames: number): Promise<unknown> {
    const width = canvas.clientWidth;
    point("pointerdown", width / 2);
    const told = await driven(frames, (index) => point("pointermove", width / 2 + Math.sin(index / 9) * width * 0.45));
    point("pointercancel", width / 2);
    return told;
  },
};

/** How well texts of the canvas are read, by what they stand on; and how well shapes are seen, where the name ends with `shape`. */
function contrasts(): Record<string, number> {
  const colours = coloursOf(document.querySelector<HTMLElement>(".probe")!);
  const rgb = (name: keyof typeof colours): Rgb => colours[name].match(/[\d.]+/g)!.slice(0, 3).map(Number) as Rgb;
  const pale = (name: Origin): Rgb => rgb(name).map((one, index) => (one + rgb("lane")[index]!) / 2) as Rgb;
  const found: Record<string, number> = { text: contrast(rgb("text"), rgb("back")), quiet: contrast(rgb("quiet"), rgb("back")) };
  for (const name of ORIGINS) {
    found[`name on ${name}`] = contrast(rgb("text"), pale(name));
    found[`${name} shape`] = contrast(rgb(name), rgb("lane"));
  }
  for (const name of ["recorded", "gap-line", "protected", "locked", "exporting", "expiring", "now", "head", "select"] as const) found[`${name} shape`] = contrast(rgb(name), rgb("back"));
  return found;
}

/** Which px of a lane have a colour, left of now, below the names. Grid and ground are grey. */
function painted(origin: Origin): boolean[] {
  const row = rowsOf(canvas.clientHeight).lanes[origin];
  const wide = Math.floor(Math.min(xOf(measured.view, canvas.clientWidth, NOW) - 2, canvas.clientWidth));
  const { data } = canvas.getContext("2d")!.getImageData(0, Math.round((row.top + row.height - 1) * devicePixelRatio), wide * devicePixelRatio, 1);
  return Array.from({ length: wide }, (_, x) => {
    const [red = 0, green = 0, blue = 0] = data.slice(x * devicePixelRatio * 4);
    return Math.max(red, green, blue) - Math.min(red, green, blue) > 40;
  });
}

/** px of the lane of motion that an episode covers and that are not painted, or that are and lie far from any. */
function unlike(): { bare: number[]; strange: number[] } {
  const [view, width] = [measured.view, canvas.clientWidth];
  const found = painted("motion");
  const [must, may] = [found.map(() => false), found.map(() => false)];
  const set = (list: boolean[], from: number, to: number, value: boolean): void => {
    for (let x = Math.max(from, 0); x < Math.min(to, list.length); x++) list[x] = value;
  };
  const motion = archive.episodes.filter((one) => one.originator?.source === "motion_detector");
  const spans = motion.map((one) => [xOf(view, width, one.opened_at), xOf(view, width, one.closed_at!)] as const);
  for (const [left, right] of spans) set(must, Math.ceil(left), Math.floor(right), true);
  for (const [left, right] of spans) set(may, Math.floor(left) - SHAPE, Math.ceil(right) + SHAPE, true);
  const head = Math.round(xOf(view, width, HEAD));
  set(must, head - 8, head + 8, false);
  const where = (holds: (x: number) => boolean): number[] => [...found.keys()].filter(holds);
  return { bare: where((x) => must[x]! && !found[x]), strange: where((x) => found[x]! && !may[x]) };
}

async function driven(frames: number, act: (index: number) => void): Promise<unknown> {
  const before = timeline.costs()!;
  const waits: number[] = [];
  for (let index = 0; index < frames; index++) {
    act(index);
    const began = performance.now();
    await frame();
    waits.push(performance.now() - began);
  }
  await frame();
  const after = timeline.costs()!;
  const drawn = { ground: after.drawn.ground - before.drawn.ground, marks: after.drawn.marks - before.drawn.marks };
  return { frames, painted: after.frames - before.frames, drawn, ms: after.ms.slice(before.frames - after.frames), waits };
}

function turn(deltaX: number, deltaY: number): void {
  const { left, top, width } = canvas.getBoundingClientRect();
  canvas.dispatchEvent(new WheelEvent("wheel", { deltaX, deltaY, clientX: left + width * 0.6, clientY: top + 60, bubbles: true, cancelable: true }));
}

function point(name: string, x: number): void {
  const { left, top } = canvas.getBoundingClientRect();
  canvas.dispatchEvent(new PointerEvent(name, { pointerId: 1, pointerType: "mouse", buttons: 1, clientX: left + x, clientY: top + 60, bubbles: true }));
}

Object.assign(window, { measured });
