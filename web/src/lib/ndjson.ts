/** Lines of JSON as they arrive: long work tells how far it is before it answers. */

import { whole } from "./api/request";

/** Each line of the answer's body, in order. Throws Problem where the connection breaks inside it. */
export async function* linesOf(answer: Response): AsyncGenerator<Record<string, unknown>> {
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await whole(() => reader.read());
    const parts = (text + (value ?? "")).split("\n");
    text = done ? "" : parts.pop()!;
    for (const one of parts) if (one.trim()) yield await whole(async () => JSON.parse(one) as Record<string, unknown>);
    if (done) return;
  }
}
