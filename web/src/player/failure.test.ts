import { describe, expect, it } from "vitest";
import { failureOf, remedyOf } from "./failure";

const broken = { isMedia: false, isNetwork: true, details: "fragLoadError", status: 0, isLive: false };

describe("what broke", () => {
  it("is tried again while the server is away, or when an address grew too old", () => {
    expect(remedyOf(broken)).toBe("again");
    expect(remedyOf({ ...broken, status: 403 })).toBe("again");
    expect(remedyOf({ ...broken, isLive: true, status: 503 })).toBe("again");
    expect([403, 404].map((status) => remedyOf({ ...broken, isLive: true, status }))).toEqual(["again", "again"]);
  });

  it("is told where trying helps nobody", () => {
    expect(remedyOf({ ...broken, status: 404 })).toMatchObject({ kind: "gone" });
    const list = { ...broken, details: "levelLoadError", isLive: true };
    expect(remedyOf({ ...list, status: 404 })).toMatchObject({ kind: "not-live" });
    expect(remedyOf({ ...list, status: 403 })).toMatchObject({ kind: "not-allowed" });
  });

  it("is a codec that no decoder will ever know, or a decoder that stumbled", () => {
    const media = { ...broken, isMedia: true, isNetwork: false, status: undefined };
    expect(remedyOf({ ...media, details: "bufferAddCodecError" })).toMatchObject({ kind: "codec" });
    expect(remedyOf({ ...media, details: "bufferAppendError" })).toBe("recover");
  });

  it("is what the API says", () => {
    const said = (kind: string, status: number) => failureOf({ kind, status, message: "" }).kind;
    expect([said("no-such-media", 404), said("not-allowed", 403), said("database-unavailable", 503), said("odd", 400)]).toEqual(["unknown", "not-allowed", "away", "other"]);
  });
});
