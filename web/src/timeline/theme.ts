/** Colours of the canvas: CSS variables, resolved once per theme. */

export const COLOURS = [
  "back", "lane", "text", "quiet", "tick", "recorded", "gap", "gap-line", "protected", "locked", "exporting", "expiring", "motion", "alarm", "analytics",
  "person", "count", "now", "edge", "head", "select", "frame",
] as const;
export type Colours = Record<(typeof COLOURS)[number], string>;

/** What `--timeline-…` says now; the browser resolves whatever is written there (`light-dark()`, other variables) on `probe`. */
export function coloursOf(probe: HTMLElement): Colours {
  const style = getComputedStyle(probe);
  const read = (name: string): string => {
    probe.style.color = `var(--timeline-${name})`;
    return style.color;
  };
  return Object.fromEntries(COLOURS.map((name) => [name, read(name)])) as Colours;
}

/** Call `changed` whenever the page or the system changes its colours; answers how to stop. */
export function onTheme(changed: () => void): () => void {
  const watch = new MutationObserver(changed);
  watch.observe(document.documentElement, { attributes: true, attributeFilter: ["class", "style", "data-theme"] });
  const queries = ["(prefers-color-scheme: dark)", "(forced-colors: active)", "(prefers-contrast: more)"].map((one) => matchMedia(one));
  queries.forEach((one) => one.addEventListener("change", changed));
  return () => {
    watch.disconnect();
    queries.forEach((one) => one.removeEventListener("change", changed));
  };
}
