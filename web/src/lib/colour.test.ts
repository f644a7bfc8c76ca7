import { expect, test } from "vitest";
import { type Rgb, contrast, hex, parse, readable, textOn } from "./colour";

test("black on white has the contrast of 21, a colour on itself that of 1", () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21);
  expect(contrast([12, 99, 200], [12, 99, 200])).toBe(1);
});

test.each(["#fff", "#1560C4", " #000000 "])("%s is a colour", (text) => expect(parse(text)).not.toBeNull());
test.each(["", "red", "#12", "#12345g", "1560c4"])("%s is none", (text) => expect(parse(text)).toBeNull());

test("any brand can be read on either ground, and one that can is left as it is", () => {
  for (const ground of [parse("#ffffff")!, parse("#14191f")!]) {
    for (let n = 0; n < 4096; n += 37) {
      const brand: Rgb = [(n >> 8) * 17, ((n >> 4) & 15) * 17, (n & 15) * 17];
      const used = readable(brand, ground);
      expect(contrast(used, ground)).toBeGreaterThanOrEqual(4.5);
      if (contrast(brand, ground) >= 4.5) expect(hex(used)).toBe(hex(brand));
      expect(contrast(parse(textOn(used))!, used)).toBeGreaterThanOrEqual(4.5);
    }
  }
});
