import { describe, expect, it } from "vitest";
import { Pace } from "./pace";

/** How far a player gets in 10 s that decodes `speed` times as fast as footage lasts, taken on where Pace says. */
function played(speed: number, rate: number, ahead = 60): { place: number; hops: number } {
  const pace = new Pace();
  let [place, hops] = [0, 0];
  for (let wall = 0; wall <= 10_000; wall += 100) {
    place += Math.min(speed, rate) * 0.1;
    const to = pace.look(wall, place, ahead, rate);
    if (to !== null) [place, hops] = [to, hops + 1];
  }
  return { place, hops };
}

describe("pace", () => {
  it("leaves alone what keeps up", () => {
    expect(played(8, 8).hops).toBe(0);
  });

  it("takes on what is too slow, so that 8 times is 8 times", () => {
    const { place, hops } = played(3, 8);
    expect(hops).toBeGreaterThan(5);
    expect(place / 10).toBeGreaterThan(7);
    expect(place / 10).toBeLessThan(8.5);
  });

  it("does not jump where footage is what is missing", () => {
    expect(played(3, 8, 1).hops).toBe(0);
  });
});
