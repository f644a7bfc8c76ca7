/** The cameras that were watched lately, in this browser. */

const KEY = "sightlog.recent";
const MOST = 8;

/** The latest first. */
export function recent(): string[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter((one) => typeof one === "string") : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

export function remember(media: string): void {
  localStorage.setItem(KEY, JSON.stringify([media, ...recent().filter((one) => one !== media)].slice(0, MOST)));
}
