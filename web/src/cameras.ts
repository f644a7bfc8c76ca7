/** The list of cameras. */

import type { Camera } from "./api";
import { ago } from "./times";

/** Fill `list`; `chosen` is marked, `pick` is called with a camera's name. */
export function showCameras(list: HTMLElement, cameras: Camera[], text: string, chosen: string, pick: (media: string) => void): void {
  const wanted = text.trim().toLowerCase();
  const shown = cameras.filter((one) => `${one.media} ${one.title}`.toLowerCase().includes(wanted));
  list.replaceChildren(...shown.map((one) => item(one, one.media === chosen, pick)));
  if (shown.length) return;
  const empty = document.createElement("li");
  empty.textContent = cameras.length ? "No camera has that name" : "No cameras yet: sightlog media add NAME --source …";
  empty.className = "hint";
  list.append(empty);
}

function item(camera: Camera, isChosen: boolean, pick: (media: string) => void): HTMLElement {
  const button = document.createElement("button");
  button.className = `camera ${camera.status}`;
  button.setAttribute("aria-pressed", String(isChosen));
  button.append(line("name", camera.title || camera.media), line("state", state(camera)));
  button.addEventListener("click", () => pick(camera.media));
  const entry = document.createElement("li");
  entry.append(button);
  return entry;
}

function line(name: string, text: string): HTMLElement {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = text;
  return span;
}

function state(camera: Camera): string {
  if (camera.status === "never") return "never recorded";
  if (camera.status === "recording") return "recording";
  return `last ${ago(Date.now() - (camera.last_ms ?? 0))}`;
}
