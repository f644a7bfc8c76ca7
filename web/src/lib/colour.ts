/** Colours by the rules of contrast (WCAG 2): a brand's colour is made readable, whatever it is. */

export type Rgb = [number, number, number];

/** `#rgb` or `#rrggbb`; null for anything else. */
export function parse(text: string): Rgb | null {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1];
  if (!hex) return null;
  const wide = hex.length === 3 ? [...hex].map((one) => one + one).join("") : hex;
  return [0, 2, 4].map((at) => parseInt(wide.slice(at, at + 2), 16)) as Rgb;
}

export const hex = (rgb: Rgb): string => `#${rgb.map((one) => Math.round(one).toString(16).padStart(2, "0")).join("")}`;

/** Relative luminance, 0 (black) to 1 (white). */
export function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((one) => one / 255).map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** How two colours differ, 1 to 21; text needs 4.5, large text and controls 3. */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** `colour`, mixed with white or black as little as it takes to be read on `ground`. */
export function readable(colour: Rgb, ground: Rgb, least = 4.5): Rgb {
  const end = luminance(ground) > 0.18 ? 0 : 255;
  for (let share = 0; share <= 1; share += 0.02) {
    const mixed = colour.map((one) => Math.round(one + (end - one) * share)) as Rgb;
    if (contrast(mixed, ground) >= least) return mixed;
  }
  return [end, end, end];
}

/** Black or white, whichever is read better on `ground`. */
export const textOn = (ground: Rgb): "#000000" | "#ffffff" =>
  contrast([0, 0, 0], ground) >= contrast([255, 255, 255], ground) ? "#000000" : "#ffffff";
