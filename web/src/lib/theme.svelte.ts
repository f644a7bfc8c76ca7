/** Light or dark, and the colour of the house. What was chosen is kept by this browser. */

import { hex, parse, readable, textOn } from "./colour";

export type Wish = "system" | "light" | "dark";
const KEY = "sightlog.theme";
/** What the colour of the house is read on. */
export const GROUND = { light: "#ffffff", dark: "#14191f" } as const;

class Theme {
  wish = $state<Wish>("system");
  /** What is shown now. Canvases redraw on it. */
  shown = $state<"light" | "dark">("dark");
  #brand = "";
  #system: MediaQueryList | null = null;

  start(): void {
    this.#system = matchMedia("(prefers-color-scheme: dark)");
    this.#system.addEventListener("change", () => this.#apply());
    this.wish = (localStorage.getItem(KEY) as Wish | null) ?? "system";
    this.#apply();
  }

  choose(wish: Wish): void {
    this.wish = wish;
    localStorage.setItem(KEY, wish);
    this.#apply();
  }

  /** Use the colour of the house, made readable in either theme; empty: our own. */
  brand(colour: string): void {
    this.#brand = colour;
    this.#apply();
  }

  #apply(): void {
    this.shown = this.wish === "system" ? (this.#system?.matches ? "dark" : "light") : this.wish;
    const root = document.documentElement;
    root.dataset.theme = this.shown;
    const colour = parse(this.#brand);
    for (const name of ["--accent", "--on-accent"]) root.style.removeProperty(name);
    if (!colour) return;
    const accent = readable(colour, parse(GROUND[this.shown])!);
    root.style.setProperty("--accent", hex(accent));
    root.style.setProperty("--on-accent", textOn(accent));
  }
}

export const theme = new Theme();

/** A token of app.css as a canvas needs it. */
export const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
