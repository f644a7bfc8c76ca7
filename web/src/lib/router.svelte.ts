/** Where the page is: its address is the only place where that is kept, so that a link shows the same. */

export const pages = ["archive", "review", "live", "cameras", "storage", "system", "data", "users", "settings", "shared", "login"] as const;
export type PageName = (typeof pages)[number];

/** A page, the camera it is about, and everything else it shows. */
export interface Place { page: PageName; media: string | null; query: URLSearchParams }

const WITH_MEDIA: readonly PageName[] = ["archive", "cameras"];

/** The place that an address names; null where there is no such page. `/` is the archive. */
export function placeOf(path: string, search: string): Place | null {
  const [, name = "", media = "", ...more] = path.split("/");
  const page = name === "" ? "archive" : pages.find((one) => one === name);
  if (!page || more.some(Boolean) || (media && !WITH_MEDIA.includes(page))) return null;
  return { page, media: media ? decoded(media) : null, query: new URLSearchParams(search) };
}

export type Change = Record<string, string | number | boolean | null | undefined>;

/** `query` with some values changed; null, undefined, false and empty take one away. */
export function changed(query: URLSearchParams, change: Change): URLSearchParams {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(change)) {
    if (value === null || value === undefined || value === "" || value === false) next.delete(name);
    else next.set(name, value === true ? "1" : String(value));
  }
  return next;
}

/** The address of a page, for links. */
export function href(page: PageName, media: string | null = null, query: Change = {}): string {
  const text = changed(new URLSearchParams(), query).toString();
  return `/${page}${media === null ? "" : `/${encodeURIComponent(media)}`}${text && `?${text}`}`;
}

class Router {
  place = $state.raw<Place | null>(null);

  /** Read the address, and again whenever it changes. Returns what ends that. */
  start(): () => void {
    const read = (): void => void (this.place = placeOf(location.pathname, location.search));
    const click = (event: MouseEvent): void => this.#click(event);
    read();
    addEventListener("popstate", read);
    document.addEventListener("click", click);
    return () => {
      removeEventListener("popstate", read);
      document.removeEventListener("click", click);
    };
  }

  get page(): PageName | null {
    return this.place?.page ?? null;
  }

  get media(): string | null {
    return this.place?.media ?? null;
  }

  /** One value of the query; null where it is not given. Reactive. */
  get(name: string): string | null {
    return this.place?.query.get(name) ?? null;
  }

  /** Go to an address of ours. `replace`: without a step in the history. */
  go(address: string, replace = false): void {
    const url = new URL(address, location.href);
    if (url.href === location.href) return;
    history[replace ? "replaceState" : "pushState"](null, "", url);
    this.place = placeOf(url.pathname, url.search);
  }

  /** Change values of the query where we are; by default without a step in the history. */
  set(change: Change, replace = true): void {
    if (!this.place) return;
    const text = changed(this.place.query, change).toString();
    this.go(`${location.pathname}${text && `?${text}`}`, replace);
  }

  #click(event: MouseEvent): void {
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    const link = (event.target as Element | null)?.closest?.("a[href]") as HTMLAnchorElement | null;
    if (!link || !isPlain || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
    if (link.origin !== location.origin || !placeOf(link.pathname, "")) return;
    event.preventDefault();
    this.go(link.href);
  }
}

export const router = new Router();

function decoded(text: string): string {
  try {
    return decodeURIComponent(text).normalize("NFC");
  } catch {
    return text;
  }
}
