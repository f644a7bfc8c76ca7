/** The feed of accepted versions as it comes: server-sent events, read so that a share's key may go along; polls where no stream gets through. */

import { Problem, ask, send, type Query } from "./request";
import type { Episode, EpisodePage } from "./episodes";
import { Lease } from "../lease";
import { pause } from "../pause";

/** `live`: told at once. `polling`: every ten seconds, because the stream is refused or another window has it. `lost`: tried again. `off`: not allowed. */
export type FeedState = "connecting" | "live" | "polling" | "lost" | "off";

export interface Hearing {
  heard: (one: Episode) => void;
  state?: (now: FeedState) => void;
  /** The place in the feed is not known any more: what came meanwhile has to be read anew. */
  missed?: () => void;
}

const FIRST_MS = 1000;
const LONGEST_MS = 30_000;
const POLL_MS = 10_000;
/** So many polls, then the stream is tried again. */
const POLLS = 12;
/** The same where another window has the stream, which it leaves as soon as nobody looks at it. */
const POLLS_ELSEWHERE = 1;
const lease = new Lease("sightlog.feed");
/** The server says something every 15 s. */
const SILENT_MS = 40_000;

/** How long to wait after so many failures in a row; `chance` in 0…1 keeps thousands of pages from coming at once. */
export const waitAfter = (failures: number, chance = Math.random()): number =>
  Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1)) * (0.5 + chance / 2);

/** Tell every change until `signal` ends it; goes on where it was after an outage. Comes back when it may not be read. */
export async function follow(query: Query, hearing: Hearing, signal: AbortSignal): Promise<void> {
  const feed = new Following(query, hearing, signal);
  hearing.state?.("connecting");
  while (!signal.aborted) {
    await sight(signal);
    const wait = await feed.once();
    if (wait === null) return;
    await pause(wait, signal);
  }
}

/** Wait until somebody looks at the page: nobody is told anything meanwhile, and it goes on where it was. */
function sight(signal: AbortSignal): Promise<void> {
  if (signal.aborted || !document.hidden) return Promise.resolve();
  return new Promise((done) => {
    const ended = (): void => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener("visibilitychange", ended);
      signal.removeEventListener("abort", ended);
      done();
    };
    document.addEventListener("visibilitychange", ended);
    signal.addEventListener("abort", ended);
  });
}

class Following {
  #place = "";
  #failures = 0;
  #polls = 0;

  constructor(private readonly query: Query, private readonly hearing: Hearing, private readonly signal: AbortSignal) {}

  /** Hear what there is, until that ends; answers how long to wait before the next time. Null: it is over. */
  async once(): Promise<number | null> {
    try {
      if (this.#polls > 0) return await this.#poll();
      const ended = await this.#stream();
      if (ended === "hidden") return 0;
      if (ended === "elsewhere") {
        this.#polls = POLLS_ELSEWHERE;
        return 0;
      }
      this.hearing.state?.("lost");
      return waitAfter(++this.#failures);
    } catch (error) {
      if (this.signal.aborted) return null;
      if (!(error instanceof Problem)) throw error;
      return this.#failed(error);
    }
  }

  #failed({ status }: Problem): number | null {
    if (status === 401 || status === 403) {
      this.hearing.state?.("off");
      return null;
    }
    if (status === 400 && this.#place) {
      this.#place = "";
      this.hearing.missed?.();
    } else if (status >= 400 && status < 500) this.#polls = POLLS;
    this.hearing.state?.("lost");
    return waitAfter(++this.#failures);
  }

  /** Hear the stream until it ends: by itself, because nobody looks, or because another window has it. */
  async #stream(): Promise<"" | "hidden" | "elsewhere"> {
    const silence = new AbortController(), left = new AbortController();
    let why: "" | "hidden" | "elsewhere" = "";
    const leave = (because: "hidden" | "elsewhere"): void => {
      why = because;
      left.abort();
    };
    const looked = (): void => void (document.hidden && leave("hidden"));
    const lost = (): void => leave("elsewhere");
    if (!lease.take(lost)) return "elsewhere";
    document.addEventListener("visibilitychange", looked);
    const signal = AbortSignal.any([this.signal, silence.signal, left.signal]);
    let timer = setTimeout(() => silence.abort(), SILENT_MS);
    try {
      const answer = await send("/events", { query: { ...this.query, last_event_id: this.#place }, signal, accept: "text/event-stream" });
      for await (const one of eventsOf(answer)) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENT_MS);
        this.#place = one.id || this.#place;
        this.#failures = 0;
        this.hearing.state?.("live");
        if (one.event === "episode") this.hearing.heard(JSON.parse(one.data) as Episode);
      }
    } catch (error) {
      if (this.signal.aborted || error instanceof Problem) throw error;
      if (left.signal.aborted) return why;
      // Something between us holds the stream back: nothing at all came of it.
      if (silence.signal.aborted && !this.#place) this.#polls = POLLS;
      else if (!silence.signal.aborted && !(error instanceof TypeError)) throw error;
    } finally {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", looked);
      lease.drop(lost);
    }
    return why;
  }

  async #poll(): Promise<number> {
    const query = { ...this.query, poll_timeout: 0, limit: 200, cursor: this.#place };
    const { episodes, next } = await ask<EpisodePage>("/episodes", { query, signal: this.signal });
    this.#place = next ?? this.#place;
    this.#polls -= 1;
    this.#failures = 0;
    this.hearing.state?.("polling");
    for (const one of episodes) this.hearing.heard(one);
    return episodes.length ? 0 : POLL_MS;
  }
}

interface Told { event: string; data: string; id: string }

/** Each event of a stream as it arrives; ends with it. Throws what the connection throws. */
export async function* eventsOf(answer: Response): AsyncGenerator<Told> {
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (text + value).split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) yield parseEvent(block);
  }
}

/** The fields of one server-sent event; comments are left out. */
export function parseEvent(block: string): Told {
  const found = { event: "", data: "", id: "" };
  for (const line of block.split("\n")) {
    const [name, ...rest] = line.split(": ");
    if (name === "event" || name === "id" || name === "data") found[name] += rest.join(": ");
  }
  return found;
}
