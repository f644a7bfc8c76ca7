import { expect, test } from "vitest";
import type { Zone } from "../../lib/api/cameras";
import { added, fresh, halfway, moved, pointAt, without } from "./zones";

const square: Zone = { name: "door", kind: "watch", polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] };
const box = { left: 100, top: 50, width: 200, height: 100 };

test("a pointer outside of the picture stays on its edge", () => {
  expect(pointAt(box, 200, 100)).toEqual([0.5, 0.5]);
  expect(pointAt(box, 0, 999)).toEqual([0, 1]);
});
test("a new point stands on the nearest side", () => {
  expect(added([square], 0, [1, 0.5])[0]!.polygon).toEqual([[0, 0], [1, 0], [1, 0.5], [1, 1], [0, 1]]);
  expect(added([square], 0, [0, 0.5])[0]!.polygon.at(-1)).toEqual([0, 0.5]);
});
test("a point is added between one and the next, round the end too", () => {
  expect(halfway([square], { zone: 0, point: 3 })[0]!.polygon).toEqual([...square.polygon, [0, 0.5]]);
  expect(halfway([square, square], { zone: 1, point: 0 })[0]).toBe(square);
});
test("a point moves alone, and a zone keeps three of them", () => {
  expect(moved([square, square], { zone: 1, point: 2 }, [0.5, 0.5])[0]).toBe(square);
  const triangle = { ...square, polygon: square.polygon.slice(0, 3) };
  expect(without([triangle], { zone: 0, point: 0 })[0]!.polygon).toHaveLength(3);
  expect(without([square], { zone: 0, point: 0 })[0]!.polygon).toHaveLength(3);
});
test("a new zone has a name of its own", () => {
  expect(fresh([{ ...square, name: "Zone 2" }], "mask", "Zone")).toMatchObject({ name: "Zone 3", kind: "mask" });
});
