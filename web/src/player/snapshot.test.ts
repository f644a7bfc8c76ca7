import { expect, it } from "vitest";
import { fileName } from "./snapshot";

it("a snapshot is named after the camera and the moment in UTC, as every file system takes it", () => {
  expect(fileName("tył/1:a", Date.UTC(2026, 9, 25, 1, 30, 0, 40), "png")).toBe("tył_1_a 2026-10-25T01-30-00-040Z.png");
});
