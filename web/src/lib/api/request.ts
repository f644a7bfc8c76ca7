/** One request to the API, and what it answers when it is no success. */

import { common } from "../common.words";
import { authorization } from "./credentials";

export const BASE = "/api/v1";

/** A field of the body, or of the query, that breaks a rule; `line` in lists that were uploaded. */
export interface FieldError { field: string; rule: string; in?: string; line?: number }

/** An answer that is no success; `status` 0: the server did not answer. `name` of its kind as docs/ref/http.md has them. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly kind: string,
    detail: string,
    readonly errors: FieldError[] = [],
    readonly retryAfterS: number | null = null,
    readonly more: Record<string, unknown> = {},
  ) {
    super(detail);
  }

  /** What is said of one field; empty when nothing is. */
  of(field: string): string {
    return this.errors.filter((one) => one.field === field).map((one) => one.rule).join("; ");
  }
}

export interface Asked {
  method?: "GET" | "PUT" | "POST" | "DELETE";
  body?: unknown;
  query?: Query | undefined;
  signal?: AbortSignal | undefined;
  accept?: string;
  type?: string;
  /** Only where there is none yet; else 412 at the field that names it. */
  isNew?: boolean;
}

/** Values of a query; those that are undefined, null or empty are left out. */
export type Query = Record<string, string | number | boolean | null | undefined>;

/** Called with every 401, so that the page can ask people to sign in again; what was asked is asked again once that is answered. */
export const onSignedOut = new Set<(problem: Problem) => Promise<void> | void>();

/** `/api/v1/…` with a query; `path` begins with a slash and holds encoded names. */
export function address(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return path.startsWith(BASE) ? path + (text && `?${text}`) : `${BASE}${path}${text && `?${text}`}`;
}

/** The path of a camera; its name stands percent-encoded. */
export const ofMedia = (media: string, rest = ""): string => `/media/${encodeURIComponent(media)}${rest && `/${rest}`}`;

/** The answer as it comes. Throws Problem; an aborted request throws the browser's AbortError. */
export async function send(path: string, asked: Asked = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(address(path, asked.query), init(asked));
  } catch (error) {
    if (asked.signal?.aborted) throw error;
    throw new Problem(0, "no-connection", common.offline);
  }
  if (answer.ok) return answer;
  const problem = await told(answer);
  if (problem.status !== 401 || problem.kind === BAD_LOGIN) throw problem;
  const again = [...onSignedOut].flatMap((tell) => tell(problem) ?? []);
  if (!again.length) throw problem;
  await until(Promise.all(again), asked.signal);
  return send(path, asked);
}

/** The kind of a 401 that is about what was typed just now. */
const BAD_LOGIN = "bad-login";

/** Wait for something, unless it is given up meanwhile: throws the browser's AbortError. */
function until(done: Promise<unknown>, signal?: AbortSignal): Promise<unknown> {
  if (!signal) return done;
  return Promise.race([done, new Promise((_, given) => signal.addEventListener("abort", () => given(signal.reason), { once: true }))]);
}

/** The JSON of the answer; undefined for 204. */
export async function ask<T>(path: string, asked: Asked = {}): Promise<T> {
  const answer = await send(path, asked);
  return (answer.status === 204 ? undefined : await whole(() => answer.json())) as T;
}

/** What an answer holds. Throws Problem where the connection broke inside it. */
export async function whole<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
    throw new Problem(0, "cut-off", common.offline);
  }
}

/** Every record of all pages of a list. `name` is where the answer has them. */
export async function all<T>(path: string, name: string, query: Query = {}, signal?: AbortSignal): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | null = "";
  do {
    const page: Record<string, unknown> = await ask(path, { query: { ...query, cursor }, signal });
    found.push(...(page[name] as T[]));
    cursor = page.next as string | null;
  } while (cursor);
  return found;
}

/** Whether something was merely given up, by us. */
export const isAborted = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError";

function init(asked: Asked): RequestInit {
  const isText = typeof asked.body === "string" || asked.body instanceof Blob;
  const headers: Record<string, string> = { Accept: asked.accept ?? "application/json", ...authorization() };
  if (asked.body !== undefined) headers["Content-Type"] = asked.type ?? (isText ? "text/plain" : "application/json");
  if (asked.isNew) headers["If-None-Match"] = "*";
  return {
    method: asked.method ?? "GET",
    headers,
    credentials: "same-origin",
    ...(asked.body !== undefined && { body: isText ? (asked.body as string | Blob) : JSON.stringify(asked.body) }),
    ...(asked.signal && { signal: asked.signal }),
  };
}

interface Told { type?: string; title?: string; detail?: string; errors?: FieldError[] }

async function told(answer: Response): Promise<Problem> {
  const body = (await answer.json().catch(() => ({}))) as Told & Record<string, unknown>;
  const kind = body.type?.split(":").at(-1) ?? "";
  const after = Number(answer.headers.get("Retry-After")) || null;
  return new Problem(answer.status, kind, body.detail ?? body.title ?? answer.statusText, body.errors ?? [], after, body);
}
