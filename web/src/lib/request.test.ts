import { afterEach, expect, test, vi } from "vitest";
import { dropBearer } from "./api/credentials";
import { parseEvent } from "./api/events";
import { Problem, address, all, ask, isAborted, ofMedia, onSignedOut } from "./api/request";

const answers = (body: unknown, status = 200, headers = {}): typeof fetch =>
  vi.fn(async () => new Response(status === 204 ? null : JSON.stringify(body), { status, headers }));

afterEach(() => {
  vi.unstubAllGlobals();
  onSignedOut.clear();
});

test("names are encoded, and values that say nothing are left out", () => {
  expect(address(ofMedia("tył/1", "days"), { q: "", limit: 5, cursor: null, all: undefined, x: false })).toBe("/api/v1/media/ty%C5%82%2F1/days?limit=5&x=false");
});

test("a problem has its kind, its fields and when to come again", async () => {
  const body = { type: "urn:sightlog:problem:bad-user", detail: "two fields", errors: [{ field: "user", rule: "too long" }, { field: "user", rule: "no spaces" }] };
  vi.stubGlobal("fetch", answers(body, 422, { "Retry-After": "30" }));
  const problem = await ask("/users/x").catch((error: unknown) => error as Problem);
  expect(problem).toMatchObject({ status: 422, kind: "bad-user", message: "two fields", retryAfterS: 30 });
  expect((problem as Problem).of("user")).toBe("too long; no spaces");
});

test("every 401 is told to the page", async () => {
  const heard = vi.fn();
  onSignedOut.add(heard);
  vi.stubGlobal("fetch", answers({ detail: "no" }, 401));
  await expect(ask("/me")).rejects.toBeInstanceOf(Problem);
  expect(heard).toHaveBeenCalledOnce();
});

test("what was asked waits for the login and is asked again; a wrong password waits for nothing", async () => {
  let signIn: (() => void) | null = null;
  onSignedOut.add(() => new Promise<void>((done) => (signIn = done)));
  const asked = vi.fn<typeof fetch>().mockResolvedValueOnce(new Response("{}", { status: 401 })).mockResolvedValueOnce(Response.json({ user: "anna" }));
  vi.stubGlobal("fetch", asked);
  const told = ask("/me");
  await vi.waitFor(() => expect(signIn).not.toBeNull());
  expect(asked).toHaveBeenCalledOnce();
  signIn!();
  expect(await told).toEqual({ user: "anna" });
  vi.stubGlobal("fetch", answers({ type: "urn:sightlog:problem:bad-login" }, 401));
  await expect(ask("/sessions", { method: "POST" })).rejects.toMatchObject({ kind: "bad-login" });
});

test("a server that does not answer is a problem, a request that was given up is none", async () => {
  vi.stubGlobal("fetch", vi.fn(async () => Promise.reject(new TypeError("down"))));
  await expect(ask("/me")).rejects.toMatchObject({ status: 0, kind: "no-connection" });
  const given = new AbortController();
  given.abort();
  vi.stubGlobal("fetch", vi.fn(async () => Promise.reject(given.signal.reason)));
  const error = await ask("/me", { signal: given.signal }).catch((failed: unknown) => failed);
  expect(isAborted(error)).toBe(true);
});

test("a connection that breaks inside an answer is a problem", async () => {
  const broken = new ReadableStream({ pull: (controller) => controller.error(new TypeError("network error")) });
  for (const body of [broken, '{"media": [']) {
    vi.stubGlobal("fetch", vi.fn(async () => new Response(body)));
    await expect(ask("/me")).rejects.toMatchObject({ status: 0, kind: "cut-off" });
  }
});

test("all pages of a list are read, each with the cursor before", async () => {
  const asked: string[] = [];
  vi.stubGlobal("fetch", vi.fn(async (path: string) => {
    asked.push(path);
    return new Response(JSON.stringify(asked.length < 3 ? { users: [asked.length], next: `c${asked.length}` } : { users: [3], next: null }));
  }));
  expect(await all("/users", "users")).toEqual([1, 2, 3]);
  expect(asked).toEqual(["/api/v1/users", "/api/v1/users?cursor=c1", "/api/v1/users?cursor=c2"]);
});

test("the cookie alone says who asks until a key is used", async () => {
  const fetching = answers({});
  vi.stubGlobal("fetch", fetching);
  vi.stubGlobal("sessionStorage", { removeItem: () => undefined });
  dropBearer();
  await ask("/me");
  const init = vi.mocked(fetching).mock.calls[0]![1]!;
  expect(init.credentials).toBe("same-origin");
  expect(init.headers).not.toHaveProperty("Authorization");
});

test("an event is read with its id, a comment is none", () => {
  expect(parseEvent('id: 7:9\nevent: episode\ndata: {"a":"x: y"}')).toEqual({ id: "7:9", event: "episode", data: '{"a":"x: y"}' });
  expect(parseEvent(": still here")).toEqual({ id: "", event: "", data: "" });
});
