/** Leaves out of hls.js, while the page is built, what its footage never needs: each cut is named in `cuts.ts`. */

import { type Plugin, parseAst } from "vite";
import { type Cut, VERSION, cuts } from "./cuts.ts";

/** What of a syntax tree counts here (ESTree). */
interface Node {
  type: string;
  start: number;
  end: number;
  [field: string]: unknown;
}
/** The text from `start` to `end` becomes `text`. */
interface Edit {
  start: number;
  end: number;
  text: string;
}

const LIBRARY = /\/hls\.js\/dist\/hls\.light\.mjs$/;
const LEVELS = new Set(["trace", "debug", "log", "info", "warn", "error"]);
const LOGGER = /^(this|(this\.|hls\.)?logger(\$\d+)?|this\.hls\.logger)$/;

/** hls.js by way of `cuts.ts`. The build fails where hls.js has another version, or a cut names what is not there. */
export function lighter(): Plugin {
  return {
    name: "sightlog-lighter",
    apply: "build",
    transform: {
      filter: { id: LIBRARY },
      handler(code) {
        if (!code.includes(`const version = "${VERSION}"`)) throw new Error(`hls.js is not ${VERSION}, for which web/cuts.ts was written: go through it`);
        return { code: lightened(code, cuts), map: null };
      },
    },
  };
}

/** The code without what is cut, and without what is only ever logged. Throws where a cut names what is not there. */
export function lightened(code: string, all: readonly Cut[]): string {
  const tree = parseAst(code) as unknown as Node;
  const cutOut = all.flatMap((one) => editsOf(tree, one));
  const isInside = (node: Node): boolean => cutOut.some((one) => one.start <= node.start && node.end <= one.end);
  const silent = logsIn(tree, code).filter((one) => !isInside(one)).map(({ start, end }) => ({ start, end, text: ";" }));
  return edited(code, [...cutOut, ...silent]);
}

function editsOf(tree: Node, { of, becomes }: Cut): Edit[] {
  const [name, member] = of.split(".") as [string, string?];
  const declared = (tree.body as Node[]).map((one) => valueOf(one, name)).find((one) => one !== null);
  const found = !declared ? [] : member ? membersOf(declared, member) : [declared];
  if (!found.length) throw new Error(`hls.js has no ${of}, which web/cuts.ts leaves out: look at what became of it`);
  return found.map(({ start, end }, index) => ({ start, end, text: index ? "" : becomes }));
}

/** What a statement at the top declares under a name: the class, or what the constant is set to. */
function valueOf(statement: Node, name: string): Node | null {
  if (statement.type === "ClassDeclaration" || statement.type === "FunctionDeclaration")
    return (statement.id as Node).name === name ? statement : null;
  if (statement.type !== "VariableDeclaration") return null;
  const found = (statement.declarations as Node[]).find((one) => (one.id as Node).name === name);
  return (found?.init as Node | undefined) ?? null;
}

/** The method of a class (what reads and what sets it, both), or what a field of an object is set to. */
function membersOf(declared: Node, name: string): Node[] {
  return [...walked(declared)]
    .filter(({ type, key }) => (type === "MethodDefinition" || type === "Property") && (key as Node).name === name)
    .map((one) => (one.type === "Property" ? (one.value as Node) : one));
}

/** Statements that do nothing but tell the log, which is never on. */
function logsIn(tree: Node, code: string): Node[] {
  return [...walked(tree)].filter((one) => {
    if (one.type !== "ExpressionStatement") return false;
    const { type, callee } = one.expression as { type: string; callee: Node };
    if (type !== "CallExpression" || callee.type !== "MemberExpression") return false;
    const { object, property } = callee as unknown as { object: Node; property: Node };
    return LEVELS.has(property.name as string) && LOGGER.test(code.slice(object.start, object.end));
  });
}

function* walked(node: Node): Generator<Node> {
  yield node;
  for (const field of Object.values(node))
    for (const one of Array.isArray(field) ? field : [field])
      if (one !== null && typeof one === "object" && typeof (one as Node).type === "string") yield* walked(one as Node);
}

function edited(code: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text } of [...edits].sort((a, b) => a.start - b.start)) {
    parts.push(code.slice(at, start), text);
    at = end;
  }
  return parts.join("") + code.slice(at);
}
