/** A window of a browser, for tests of what hears the feed: what its windows share, and whether somebody looks at it. */

import { vi } from "vitest";

export interface FakeWindow { kept: Map<string, string>; look: (isSeen: boolean) => void }

/** Stand in for the browser's own `document` and `localStorage`. */
export function openWindow(): FakeWindow {
  const kept = new Map<string, string>();
  const page = Object.assign(new EventTarget(), { hidden: false });
  vi.stubGlobal("document", page);
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value), removeItem: (key: string) => void kept.delete(key),
  });
  const look = (isSeen: boolean): void => {
    page.hidden = !isSeen;
    page.dispatchEvent(new Event("visibilitychange"));
  };
  return { kept, look };
}
