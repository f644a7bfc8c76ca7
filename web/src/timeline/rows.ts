/** Which row of the canvas shows what: px from the top, by the height there is. */

import { ORIGINS, type Origin } from "./content";

export interface Row { top: number; height: number }

export interface Rows {
  dates: Row; times: Row; lanes: Record<Origin, Row>; marks: Row; coverage: Row; expirations: Row; protected: Row; height: number;
}

const AXIS = 17;
const STRIP = 6;
const SPACE = 4;

/** Axis on top, a lane per origin, what is recorded, and below it what keeps it. */
export function rowsOf(height: number): Rows {
  const top = 2 * AXIS + 2;
  const room = Math.max(height - top - STRIP - 3 * SPACE, 50);
  const lane = Math.max(Math.floor(room * 0.6 / ORIGINS.length), 7);
  const lanes = Object.fromEntries(
    ORIGINS.map((origin, index) => [origin, { top: top + SPACE + index * lane + 1, height: lane - 2 }]),
  ) as Record<Origin, Row>;
  const under = top + SPACE + lane * ORIGINS.length + SPACE;
  const coverage = { top: under, height: Math.max(height - under - STRIP - SPACE, 12) };
  return {
    dates: { top: 0, height: AXIS }, times: { top: AXIS, height: AXIS }, lanes,
    marks: { top: top + SPACE, height: lane * ORIGINS.length }, coverage,
    expirations: { top: coverage.top, height: STRIP }, protected: { top: coverage.top + coverage.height + 1, height: STRIP - 1 }, height,
  };
}
