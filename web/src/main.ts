/** The page: sign in, choose a camera, watch. */

import { type Camera, Problem, blob, cameras, episodes, pathOf, ranges } from "./api";
import { showCameras } from "./cameras";
import { showMarks } from "./marks";
import { Player } from "./player";
import * as session from "./session";
import { Timeline } from "./timeline";
import { HOUR, MINUTE, asClock, asFull } from "./times";

const REFRESH = 5000;
const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const notice = (text: string): void => void (element("notice").textContent = text);

let known: Camera[] = [];
let chosen = "";
let ranging = new AbortController();
let picturing = new AbortController();

const timeline = new Timeline(element<HTMLCanvasElement>("timeline"), {
  pick: (at) => chosen && player.archive(chosen, at),
  moved: () => {
    listMarks();
    later("ranges", loadRanges, 150);
  },
  hover,
});
const player = new Player(element<HTMLVideoElement>("video"), {
  notice,
  date: (at) => {
    timeline.head = at;
    timeline.draw();
    element("clock").textContent = asFull(at);
  },
});

const waiting = new Map<string, number>();

/** Run `work` once, `ms` after the last call of this name. */
function later(name: string, work: () => void, ms: number): void {
  clearTimeout(waiting.get(name));
  waiting.set(name, window.setTimeout(work, ms));
}

async function loadRanges(): Promise<void> {
  if (!chosen) return;
  ranging.abort();
  ranging = new AbortController();
  const margin = timeline.to - timeline.from;
  const [from, to, signal] = [Math.max(0, timeline.from - margin), timeline.to + margin, ranging.signal];
  try {
    [timeline.ranges, timeline.marks] = await Promise.all([ranges(chosen, from, to, signal), episodes(chosen, from, to, signal)]);
    timeline.draw();
    listMarks();
  } catch (error) {
    failed(error);
  }
}

function listMarks(): void {
  const window = { start_ms: timeline.from, end_ms: timeline.to };
  showMarks(element("marks"), timeline.marks, window, (at) => chosen && player.archive(chosen, at));
}

async function loadCameras(): Promise<void> {
  try {
    known = await cameras();
    list();
    if (!chosen && known[0]) choose((known.find((one) => one.last_ms) ?? known[0]).media);
  } catch (error) {
    failed(error);
  }
}

function list(): void {
  showCameras(element("cameras"), known, element<HTMLInputElement>("filter").value, chosen, choose);
}

function choose(media: string): void {
  chosen = media;
  player.stop();
  notice("");
  const camera = known.find((one) => one.media === media);
  element("title").textContent = camera?.title || media;
  const end = camera?.last_ms ?? Date.now();
  timeline.head = null;
  timeline.ranges = { recorded: [], protected: [], gaps: [] };
  timeline.marks = [];
  timeline.show(end - HOUR + MINUTE, end + MINUTE);
  list();
  if (camera?.status === "recording") player.live(media);
  else if (camera?.last_ms) player.archive(media, camera.last_ms - MINUTE);
}

function hover(at: number | null, x: number): void {
  const box = element("hover");
  box.hidden = at === null || !chosen;
  picturing.abort();
  if (at === null || !chosen) return;
  const why = timeline.reason(at);
  element("hover-text").textContent = [asClock(at), why, ...timeline.marked(at).slice(0, 3)].filter(Boolean).join(" · ");
  element("hover-picture").hidden = true;
  box.style.left = `${Math.min(Math.max(x, 90), element("bar").clientWidth - 90)}px`;
  if (!why) later("picture", () => void showPicture(at), 120);
}

async function showPicture(at: number): Promise<void> {
  picturing = new AbortController();
  const picture = element<HTMLImageElement>("hover-picture");
  try {
    const data = await blob(pathOf(chosen, `preview.jpg?width=160&at_ms=${Math.round(at)}`), picturing.signal);
    URL.revokeObjectURL(picture.src);
    picture.src = URL.createObjectURL(data);
    picture.hidden = false;
  } catch (error) {
    if (!(error instanceof Problem) && !isAborted(error)) throw error;
  }
}

async function save(): Promise<void> {
  const from = Math.floor(player.playing ?? timeline.from);
  notice("Fetching one minute…");
  try {
    const data = await blob(pathOf(chosen, `archive.mp4?from_ms=${from}&to_ms=${from + MINUTE}`));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(data);
    link.download = `${chosen} ${new Date(from).toISOString().slice(0, 19).replaceAll(":", "-")}Z.mp4`;
    link.click();
    notice("");
  } catch (error) {
    failed(error);
  }
}

const isAborted = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError";

function failed(error: unknown): void {
  if (isAborted(error)) return;
  if (!(error instanceof Problem)) throw error;
  if (error.status === 401) return signIn("The token is wrong");
  notice(error.message);
}

function signIn(why = ""): void {
  session.forget();
  player.stop();
  element("page").hidden = true;
  element("login").hidden = false;
  element("login-error").textContent = why;
  element("token").focus();
}

function enter(): void {
  element("login").hidden = true;
  element("page").hidden = false;
  void loadCameras();
}

function keyed(event: KeyboardEvent): void {
  const by = { ArrowLeft: -10_000, ArrowRight: 10_000 }[event.key];
  if (!by || !chosen || timeline.head === null) return;
  event.preventDefault();
  player.archive(chosen, timeline.head + by);
}

element("login").addEventListener("submit", (event) => {
  event.preventDefault();
  session.remember(element<HTMLInputElement>("token").value.trim());
  enter();
});
element("sign-out").addEventListener("click", () => signIn());
element("filter").addEventListener("input", list);
element("live").addEventListener("click", () => chosen && player.live(chosen));
element("save").addEventListener("click", () => chosen && void save());
element("timeline").addEventListener("keydown", keyed);
window.setInterval(() => {
  if (session.token() && !document.hidden) void loadCameras().then(loadRanges);
}, REFRESH);

session.takeFromAddress();
if (session.token()) enter();
else signIn();
