/** Lines of JSON as they arrive: long work tells how far it is before it answers. */

/** Each line of the answer's body, in order. Throws what the connection throws. */
export async function* linesOf(answer: Response): AsyncGenerator<Record<string, unknown>> {
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    const parts = (text + (value ?? "")).split("\n");
    text = done ? "" : parts.pop()!;
    for (const one of parts) if (one.trim()) yield JSON.parse(one) as Record<string, unknown>;
    if (done) return;
  }
}
