/** The feed of accepted versions as it comes: server-sent events, read so that a share's key may go along. */

import { isAborted, send, type Query } from "./request";
import type { Episode } from "./episodes";

const RETRY_MS = 3000;

/** Tell every change to `heard` until `signal` ends it; goes on where it was after an outage. `state`: whether it is connected. */
export async function follow(query: Query, heard: (one: Episode) => void, signal: AbortSignal, state?: (up: boolean) => void): Promise<void> {
  let last = "";
  while (!signal.aborted) {
    try {
      const answer = await send("/events", { query: { ...query, last_event_id: last }, signal, accept: "text/event-stream" });
      state?.(true);
      last = await read(answer, heard, last);
    } catch (error) {
      if (isAborted(error) || signal.aborted) return;
      const isOver = (error as { status?: number }).status === 401 || (error as { status?: number }).status === 403;
      if (isOver) throw error;
    }
    state?.(false);
    await new Promise((done) => setTimeout(done, RETRY_MS));
  }
}

async function read(answer: Response, heard: (one: Episode) => void, last: string): Promise<string> {
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read().catch(() => ({ done: true, value: "" }) as const);
    if (done) return last;
    const blocks = (text + value).split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const one = parseEvent(block);
      last = one.id || last;
      if (one.event === "episode") heard(JSON.parse(one.data) as Episode);
    }
  }
}

/** The fields of one server-sent event; comments are left out. */
export function parseEvent(block: string): { event: string; data: string; id: string } {
  const found = { event: "", data: "", id: "" };
  for (const line of block.split("\n")) {
    const [name, ...rest] = line.split(": ");
    if (name === "event" || name === "id" || name === "data") found[name] += rest.join(": ");
  }
  return found;
}
