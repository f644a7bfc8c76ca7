/**
 * Leaves out of hls.js, while the page is built, what its footage never needs: each cut is named in `cuts.ts`. What then nobody
 * names any more goes by itself.
 */

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Plugin, minifySync, parseAst } from "vite";
import { type Cut, VERSION, cuts } from "./cuts.ts";
import { type Known, known } from "./known.ts";
import { settled } from "./settled.ts";
import { type Edit, type Node, edited, outermost, walked } from "./tree.ts";
import { named } from "./unnamed.ts";

const LIBRARY = /\/hls\.js\/dist\/hls\.light\.mjs$/;
const SETTINGS = "hlsDefaultConfig";
const USES_IT = /"hls\.js"|\/library"/;
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
        return { code: named(folded(lightened(code, cuts, known)), SETTINGS, namesOfUsers("src")), map: null };
      },
    },
  };
}

/** The code without branches that are never taken. Its statements stay statements, for what is done next. */
export function folded(code: string): string {
  const compress = { target: "es2022", sequences: false, joinVars: false } as const;
  const { code: text, errors } = minifySync("hls.js", code, { module: true, compress, mangle: false, codegen: { removeWhitespace: false } });
  if (errors.length) throw new Error(`what is left of hls.js is no JavaScript: ${errors[0]!.message}`);
  return text;
}

/** The names of fields and methods in our own files that use hls.js. */
export function namesOfUsers(folder: string): Set<string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf-8" }).filter((one) => one.endsWith(".ts"));
  const texts = files.map((one) => readFileSync(join(folder, one), "utf-8")).filter((one) => USES_IT.test(one));
  return new Set(texts.flatMap((one) => [...one.matchAll(/\.(\w+)/g)].map(([, name]) => name!)));
}

/** The code with its cuts and with what is known in place, without what is only ever logged. Throws where one names what is not there. */
export function lightened(code: string, all: readonly Cut[], facts: readonly Known[] = []): string {
  const tree = parseAst(code) as unknown as Node;
  const cutOut = all.flatMap((one) => editsOf(tree, one));
  const silent = [...logsIn(tree, code), ...blanksIn(tree)].map(({ start, end }) => ({ start, end, text: ";" }));
  return edited(code, outermost([...cutOut, ...silent, ...settled(tree, facts)]));
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

/** Fields that a constructor sets to nothing: that is what they are. */
function blanksIn(tree: Node): Node[] {
  const constructors = [...walked(tree)].filter(({ kind }) => kind === "constructor");
  const statements = constructors.flatMap(({ value }) => ((value as Node).body as Node).body as Node[]);
  return statements.filter(({ expression }) => {
    const { type, left, right } = (expression ?? {}) as { type?: string; left: Node; right: Node };
    const isOwn = type === "AssignmentExpression" && left.type === "MemberExpression" && (left.object as Node).type === "ThisExpression";
    return isOwn && right.type === "UnaryExpression" && right.operator === "void";
  });
}
