import { expect, it } from "vitest";
import type { Episode } from "../../lib/api/episodes";
import { momentsOf } from "./moments";

const lasting = (ms: number): Episode => ({ opened_at: 100_000, updated_at: 100_000, closed_at: 100_000 + ms }) as Episode;

it("the pictures of an episode begin before it, end behind it, and are eight at most", () => {
  expect(momentsOf(lasting(0))).toEqual([99_000, 100_000, 101_000]);
  const long = momentsOf(lasting(600_000));
  expect([long.length, long[0], long.at(-1)]).toEqual([8, 99_000, 701_000]);
  expect(momentsOf(lasting(3000))).toEqual([99_000, 100_000, 101_000, 102_000, 103_000, 104_000]);
});
