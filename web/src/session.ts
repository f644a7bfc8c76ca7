/** The token: from `#token=…` once, then kept for this tab only. */

const KEY = "sightlog.token";

/** Take the token out of the address, so that it is neither shown nor bookmarked. */
export function takeFromAddress(): void {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!given) return;
  sessionStorage.setItem(KEY, given);
  history.replaceState(null, "", location.pathname);
}

export const token = (): string | null => sessionStorage.getItem(KEY);
export const remember = (value: string): void => sessionStorage.setItem(KEY, value);
export const forget = (): void => sessionStorage.removeItem(KEY);
