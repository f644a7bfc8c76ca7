/** Who looks at the mosaic: what is in sight, whether the page is looked at at all, and what just happened. */

import { SvelteMap, SvelteSet } from "svelte/reactivity";
import type { Episode } from "../../lib/api/episodes";
import { type FeedState, follow } from "../../lib/api/events";
import type { Query } from "../../lib/api/request";

const FLASH_MS = 8000;
const TICK_MS = 15_000;

export class Room {
  readonly inSight = new SvelteSet<string>();
  /** The latest episode of a camera, for as long as it is news. */
  readonly latest = new SvelteMap<string, Episode>();
  feed = $state<FeedState>("connecting");
  isHidden = $state(document.hidden);
  now = $state(Date.now());
  #tell = new Map<Element, (isSeen: boolean) => void>();
  #timers = new Map<string, number>();
  #observer = new IntersectionObserver((entries) => {
    for (const one of entries) this.#tell.get(one.target)?.(one.isIntersecting);
  });

  /** Begin; returns what ends all of it. */
  start(): () => void {
    const looked = (): void => void (this.isHidden = document.hidden);
    const ticking = setInterval(() => (this.now = Date.now()), TICK_MS);
    document.addEventListener("visibilitychange", looked);
    return () => {
      clearInterval(ticking);
      document.removeEventListener("visibilitychange", looked);
      this.#observer.disconnect();
      for (const timer of this.#timers.values()) clearTimeout(timer);
      this.#timers.clear();
    };
  }

  /** Tell whether an element can be seen, until what comes back is called. */
  readonly seen = (element: Element, tell: (isSeen: boolean) => void): (() => void) => {
    this.#tell.set(element, tell);
    this.#observer.observe(element);
    return () => {
      this.#observer.unobserve(element);
      this.#tell.delete(element);
      tell(false);
    };
  };

  /** Hear what happens before cameras; ends with what comes back. */
  follow(query: Query): () => void {
    const ending = new AbortController();
    void follow(query, { heard: (one) => this.#happened(one), state: (now) => (this.feed = now) }, ending.signal);
    return () => ending.abort();
  }

  #happened(one: Episode): void {
    this.latest.set(one.media, one);
    clearTimeout(this.#timers.get(one.media));
    this.#timers.set(one.media, window.setTimeout(() => {
      this.latest.delete(one.media);
      this.#timers.delete(one.media);
    }, FLASH_MS));
  }
}
