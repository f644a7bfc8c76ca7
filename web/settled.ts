/** Puts what is known of our footage into a library. */

import type { Known } from "./known.ts";
import { type Edit, type Node, childrenOf, walked } from "./tree.ts";

/** What puts the answer where a field is read that is known, and takes cases away that are never met. Throws where one is not there. */
export function settled(tree: Node, facts: readonly Known[]): Edit[] {
  const reads = new Map(facts.flatMap((one) => Object.entries(one.reads)));
  const names = new Set(facts.flatMap((one) => one.cases ?? []));
  const switches = [...walked(tree)].filter(({ type }) => type === "SwitchStatement");
  const unmet = new Set(switches.flatMap((one) => unmetIn(one, names)));
  const seen = new Set(switches.flatMap(({ cases }) => (cases as Node[]).map(caseOf)));
  const edits: Edit[] = [];
  const look = (node: Node, parent: Node | null): void => {
    const name = node.type === "MemberExpression" && !node.computed ? ((node.property as Node).name as string) : "";
    const text = isChanged(node, parent) ? undefined : reads.get(name);
    if (text !== undefined) {
      seen.add(name);
      edits.push({ start: node.start, end: node.end, text: `(${text})` });
    } else if (unmet.has(node)) edits.push({ start: node.start, end: node.end, text: "" });
    else for (const child of childrenOf(node)) look(child, node);
  };
  look(tree, null);
  const missing = [...reads.keys(), ...names].filter((one) => !seen.has(one));
  if (missing.length) throw new Error(`hls.js has no ${missing.join(", ")}, of which web/known.ts knows: look at what became of it`);
  return edits;
}

/** Cases that are never met, without those that another one, which is, goes on into. */
function unmetIn({ cases }: Node, names: ReadonlySet<string>): Node[] {
  let isEntered = false;
  return (cases as Node[]).filter((one) => {
    const isEmpty = (one.consequent as Node[]).length === 0;
    const isUnmet = names.has(caseOf(one)) && (isEmpty || !isEntered);
    if (!isUnmet) isEntered = isEmpty;
    return isUnmet;
  });
}

/** What a case of a `switch` is for, by its text or its name. */
function caseOf({ test }: Node): string {
  const { value, property } = (test ?? {}) as { value?: string; property?: Node };
  return value ?? (property?.name as string | undefined) ?? "";
}

/** Whether a field is not read here, but set, taken away or called. */
function isChanged(node: Node, parent: Node | null): boolean {
  if (parent?.type === "AssignmentExpression") return parent.left === node;
  if (parent?.type === "CallExpression") return parent.callee === node;
  return parent?.type === "UpdateExpression" || (parent?.type === "UnaryExpression" && parent.operator === "delete");
}
