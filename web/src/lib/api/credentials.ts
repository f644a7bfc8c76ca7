/**
 * What goes with requests beside the session cookie, which the browser sends by itself and no script can read.
 * A share link's key is kept for this tab only.
 */

const KEY = "sightlog.bearer";
let bearer: string | null = typeof sessionStorage === "undefined" ? null : sessionStorage.getItem(KEY);

/** Whether requests carry a key of their own. Then pictures cannot be loaded by address: see parts/Picture.svelte. */
export const hasBearer = (): boolean => bearer !== null;

export function useBearer(value: string): void {
  bearer = value;
  sessionStorage.setItem(KEY, value);
}

export function dropBearer(): void {
  bearer = null;
  sessionStorage.removeItem(KEY);
}

/** The header that says who asks; none where the cookie does. */
export const authorization = (): Record<string, string> => (bearer ? { Authorization: `Bearer ${bearer}` } : {});
