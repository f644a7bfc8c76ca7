/** A syntax tree as far as the cuts in libraries need it, and what is done to its text. */

/** What of a syntax tree counts here (ESTree). */
export interface Node {
  type: string;
  start: number;
  end: number;
  [field: string]: unknown;
}
/** The text from `start` to `end` becomes `text`. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** A node and all that lies in it. */
export function* walked(node: Node): Generator<Node> {
  yield node;
  for (const child of childrenOf(node)) yield* walked(child);
}

/** What lies directly in a node. */
export function* childrenOf(node: Node): Generator<Node> {
  for (const field of Object.values(node))
    for (const one of Array.isArray(field) ? field : [field])
      if (one !== null && typeof one === "object" && typeof (one as Node).type === "string") yield one as Node;
}

/** The code after all edits, none of which lies in another. */
export function edited(code: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text } of [...edits].sort((a, b) => a.start - b.start)) {
    parts.push(code.slice(at, start), text);
    at = end;
  }
  return parts.join("") + code.slice(at);
}

/** Without edits that lie in others. */
export function outermost(edits: readonly Edit[]): Edit[] {
  const sorted = [...edits].sort((a, b) => a.start - b.start || b.end - a.end);
  let end = -1;
  return sorted.filter((one) => one.start >= end && ((end = one.end), true));
}
