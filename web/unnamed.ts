/** Finds what of a library nobody names: no bundler leaves out methods, settings and constants, because somebody could. */

import { parseAst } from "vite";
import { type Edit, type Node, childrenOf, edited, walked } from "./tree.ts";

/** A declaration that can go where nobody names it. */
interface Unit {
  node: Node;
  name: string;
  within: Unit | null;
  /** What it names itself, outside of the units in it. */
  names: Set<string>;
}

/** Called by the language, not by name. */
const BY_ITSELF = ["constructor", "toString", "toJSON", "valueOf"];
const TOP = new Set(["FunctionDeclaration", "ClassDeclaration", "VariableDeclarator"]);
const HOW = new Set(["on", "once", "off", "trigger"]);
const NOBODY = "";
const PLAIN = new Set(["Literal", "Identifier"]);

/**
 * The code without methods, fields that are only set, constants of enumerations, and settings (of the constant `settings`), as far as
 * nothing names them that the default export can come to. `kept`: names that others use. A name in a string counts.
 */
export function named(code: string, settings: string, kept: ReadonlySet<string>): string {
  const tree = parseAst(code) as unknown as Node;
  const all = [...walked(tree)];
  const listened = all.map(eventOf).filter((one) => one?.how === "on" || one?.how === "once");
  const found: Found = {
    units: [], names: new Set([...kept, ...BY_ITSELF].map((one) => `.${one}`)), settings,
    setters: new Set(all.filter(({ kind }) => kind === "set").map(({ key }) => (key as Node).name as string)),
    heard: new Set([...kept, ...listened.map((one) => one!.event)]),
  };
  for (const statement of tree.body as Node[]) collect(exported(statement), found, null);
  const { units, names } = found;
  const alive = reached(units, names);
  const gone = units.filter((one) => !alive.has(one) && one.within && alive.has(one.within));
  return edited(code, gone.map(({ node }) => removed(code, node)));
}

interface Found {
  units: Unit[];
  /** Named at the top, by what happens there. */
  names: Set<string>;
  settings: string;
  setters: ReadonlySet<string>;
  /** Events that somebody listens to. */
  heard: ReadonlySet<string>;
}

function collect(node: Node, found: Found, within: Unit | null): void {
  const name = nameOf(node, found, within);
  const unit: Unit | null = name === null ? within : { node, name, within, names: new Set() };
  if (unit && unit !== within) found.units.push(unit);
  const names = unit?.names ?? found.names;
  for (const one of spelled(node)) if (one !== unit?.name) names.add(one);
  for (const child of childrenOf(node)) collect(child, found, unit);
}

/** What a declaration is known by; null: the node is none. */
function nameOf(node: Node, { settings, setters, heard }: Found, within: Unit | null): string | null {
  if (!within) return TOP.has(node.type) ? ((node.id as Node).name as string) : null;
  if (node.type === "MethodDefinition" || (node.type === "Property" && within.name === settings)) return node.computed ? null : `.${(node.key as Node).name}`;
  const told = eventOf(node);
  if (told?.how === "trigger") return heard.has(told.event) ? null : NOBODY;
  if (told) return `.${told.event}`;
  const set = assigned(node);
  if (!set) return null;
  const constant = constantOf(set.left, within.name);
  if (constant !== null) return constant;
  const { object, property, computed } = set.left as unknown as { object?: Node; property: Node; computed: boolean };
  const isField = object?.type === "ThisExpression" && !computed && isPlain(set.right) && !setters.has(property.name as string);
  return isField ? `.${property.name}` : null;
}

/** A statement that tells an event, or begins or ends to listen to it. */
function eventOf(node: Node): { event: string; how: string } | null {
  const call = (node.type === "ExpressionStatement" ? node.expression : null) as { type: string; callee: Node; arguments: Node[] } | null;
  if (call?.type !== "CallExpression") return null;
  const [how, about] = [(call.callee.property as Node | undefined)?.name as string, call.arguments[0]];
  const isEvent = about?.type === "MemberExpression" && (about.object as Node).name === "Events";
  return isEvent && HOW.has(how) ? { event: (about.property as Node).name as string, how } : null;
}

/** A statement that does nothing but set something. */
function assigned(node: Node): { left: Node; right: Node } | null {
  const expression = node.expression as Node | undefined;
  const isOne = node.type === "ExpressionStatement" && expression?.type === "AssignmentExpression" && expression.operator === "=";
  return isOne ? (expression as unknown as { left: Node; right: Node }) : null;
}

/** The name in `All["NAME"]` or `All.NAME`, within what declares `All`: what is set is a constant of an enumeration. */
function constantOf({ type, computed, object, property }: Node, all: string): string | null {
  if (type !== "MemberExpression" || (object as Node).name !== all) return null;
  return `.${computed ? (property as Node).value : (property as Node).name}`;
}

/** A value that comes about by nothing that happens: `1`, `now`, `-1`, `void 0`. */
const isPlain = ({ type, argument }: Node): boolean => PLAIN.has(type === "UnaryExpression" ? (argument as Node).type : type);

/** What a node names by itself: `.name` for what belongs to something. */
function spelled({ type, name, value, computed, property, key }: Node): string[] {
  if (type === "Identifier") return [name as string];
  if (type === "Literal") return typeof value === "string" ? [`.${value}`] : [];
  const of = type === "MemberExpression" ? property : type === "Property" ? key : null;
  return of && !computed ? [`.${(of as Node).name}`] : [];
}

/** Of a list of exports the default alone. */
function exported(statement: Node): Node {
  const all = (statement.specifiers ?? []) as Node[];
  return statement.type === "ExportNamedDeclaration" ? (all.find(({ exported: as }) => (as as Node).name === "default") ?? statement) : statement;
}

/** What can be come to from these names. */
function reached(units: readonly Unit[], names: Set<string>): Set<Unit> {
  const alive = new Set<Unit>();
  for (let before = -1; before < alive.size; ) {
    before = alive.size;
    for (const one of units) {
      if (alive.has(one) || !names.has(one.name) || (one.within && !alive.has(one.within))) continue;
      alive.add(one);
      for (const name of one.names) names.add(name);
    }
  }
  return alive;
}

function removed(code: string, { type, start, end }: Node): Edit {
  const isListed = type === "Property" && code[end] === ",";
  return { start, end: isListed ? end + 1 : end, text: type === "ExpressionStatement" ? ";" : "" };
}
