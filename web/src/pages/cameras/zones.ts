/** Zones as they are drawn on a picture. Points are shares of its width and height. */

import type { Zone } from "../../lib/api/cameras";

export type Point = [number, number];
/** Which point is held: of zone `zone` its point `point`. */
export interface Held { zone: number; point: number }

const DIGITS = 1e4;

/** Where the pointer is on the picture, inside of it. */
export function pointAt(box: Pick<DOMRect, "left" | "top" | "width" | "height">, x: number, y: number): Point {
  return [share((x - box.left) / box.width), share((y - box.top) / box.height)];
}

/** The zones with one point elsewhere. */
export const moved = (zones: readonly Zone[], held: Held, to: Point): Zone[] =>
  zones.map((zone, at) => (at === held.zone ? { ...zone, polygon: zone.polygon.map((one, n) => (n === held.point ? to : one)) } : zone));

/** The zones with a point added where it lengthens the outline least. */
export function added(zones: readonly Zone[], at: number, to: Point): Zone[] {
  return zones.map((zone, n) => (n === at ? { ...zone, polygon: inserted(zone.polygon, to) } : zone));
}

/** The zones with a point added between one and the next. */
export const halfway = (zones: readonly Zone[], held: Held): Zone[] =>
  zones.map((zone, at) => {
    const [a, b] = [zone.polygon[held.point], zone.polygon[(held.point + 1) % zone.polygon.length]];
    if (at !== held.zone || !a || !b) return zone;
    return { ...zone, polygon: zone.polygon.toSpliced(held.point + 1, 0, [share((a[0] + b[0]) / 2), share((a[1] + b[1]) / 2)]) };
  });

/** The zones without a point; three are the least that a zone has. */
export const without = (zones: readonly Zone[], held: Held): Zone[] =>
  zones.map((zone, at) => (at === held.zone && zone.polygon.length > 3 ? { ...zone, polygon: zone.polygon.filter((_, n) => n !== held.point) } : zone));

/** A new zone about the middle, not quite over the one before, with a name that no other has. */
export function fresh(zones: readonly Zone[], kind: Zone["kind"], word: string): Zone {
  const taken = new Set(zones.map((one) => one.name));
  let n = zones.length + 1;
  while (taken.has(`${word} ${n}`)) n += 1;
  const [near, far] = [0.25, 0.6].map((one) => share(one + (zones.length % 4) * 0.05)) as [number, number];
  return { name: `${word} ${n}`, kind, polygon: [[near, near], [far, near], [far, far], [near, far]] };
}

/** For an SVG whose view is 1 by 1. */
export const outline = (polygon: readonly Point[]): string => polygon.map(([x, y]) => `${x},${y}`).join(" ");

function inserted(polygon: readonly Point[], to: Point): Point[] {
  const cost = (at: number): number => {
    const [a, b] = [polygon[at]!, polygon[(at + 1) % polygon.length]!];
    return far(a, to) + far(to, b) - far(a, b);
  };
  const best = polygon.map((_, at) => at).reduce((least, at) => (cost(at) < cost(least) ? at : least), 0);
  return [...polygon.slice(0, best + 1), to, ...polygon.slice(best + 1)];
}

const far = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);
const share = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * DIGITS) / DIGITS;
