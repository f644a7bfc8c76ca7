/** Who uses the page, and what they may do. The cookie is the browser's own; no script sees it. */

import type { Right } from "./api/cameras";
import { dropBearer, hasBearer, useBearer } from "./api/credentials";
import { type Me, endSession, me, signIn } from "./api/people";
import { Problem, onSignedOut } from "./api/request";
import { forgetFiles } from "./files";
import { speech } from "./words.svelte";

export interface Refusal { kind: "refused" | "away" | "wait"; why: string }

class Session {
  me = $state.raw<Me | null>(null);
  /** `unknown` until the first answer; `away`: the server did not answer. */
  state = $state<"unknown" | "in" | "out" | "away">("unknown");
  /** Why somebody has to sign in again; empty at first. */
  why = $state("");
  /** Why the house's accounts did not let somebody in, who came back from there just now. */
  refusal = $state.raw<Refusal | null>(null);
  /** The session ended in the middle of work: the login lies over the page, which goes on after it. */
  isExpired = $state(false);
  #again: { done: Promise<void>; go: () => void } | null = null;
  #isLeaving = false;

  constructor() {
    onSignedOut.add(() => this.#expired());
  }

  /** Find out who we are: a token or a key in the address first, then the cookie. */
  async start(): Promise<void> {
    const given = takeFromAddress();
    this.refusal = takeRefusal();
    try {
      if (given.key) useBearer(given.key);
      if (given.token) await this.signIn({ token: given.token });
      else this.#in(await me());
    } catch (error) {
      this.#failed(error, given.token ? "bad-token" : "");
    }
  }

  /** Throws Problem when the login or the token is wrong. */
  async signIn(body: { login: string; password: string } | { token: string }): Promise<void> {
    const before = this.me;
    const who = await signIn(body);
    dropBearer();
    if (this.isExpired && before?.user !== who.user) return location.reload();
    this.#in(who);
  }

  /** End the session, then show the login. Throws Problem where that fails: whoever leaves has to know. */
  async signOut(): Promise<void> {
    this.#isLeaving = true;
    try {
      if (!hasBearer()) await endSession("current");
    } catch (error) {
      if (!(error instanceof Problem && error.status === 401)) throw error;
    } finally {
      this.#isLeaving = false;
    }
    this.left();
  }

  /** The session was ended: by whoever has it. */
  left(): void {
    this.#out("");
    void forgetFiles();
  }

  /** Read who we are again, after a change. */
  async refresh(): Promise<void> {
    this.#in(await me());
  }

  /** Whether a right is held on any camera; what may be done with one stands in its own `may`. */
  may(right: Right): boolean {
    return this.me?.may[right] ?? false;
  }

  get admin(): boolean {
    return this.me?.admin ?? false;
  }

  #in(who: Me): void {
    this.me = who;
    this.state = "in";
    this.why = "";
    this.isExpired = false;
    this.#again?.go();
    this.#again = null;
    speech.choose(who.language, ...speech.wishes());
  }

  /** What was asked waits until its people are known again; nothing of a link does. */
  #expired(): Promise<void> | void {
    if (this.state !== "in" || this.#isLeaving) return;
    if (hasBearer()) return this.#out("expired");
    if (!this.#again) {
      let go = (): void => undefined;
      const done = new Promise<void>((answered) => (go = answered));
      this.#again = { done, go };
    }
    [this.isExpired, this.why] = [true, "expired"];
    return this.#again.done;
  }

  #out(why: string): void {
    dropBearer();
    this.isExpired = false;
    this.me = null;
    this.state = "out";
    this.why = why;
  }

  #failed(error: unknown, why: string): void {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 401) this.#out(why);
    else this.state = "away";
  }
}

export const session = new Session();

/** `#token=…` and `#key=…`, taken out of the address so that they are neither shown nor bookmarked. */
function takeFromAddress(): { token: string | null; key: string | null } {
  const given = new URLSearchParams(location.hash.slice(1));
  const found = { token: given.get("token"), key: given.get("key") };
  if (found.token || found.key) history.replaceState(null, "", location.pathname + location.search);
  return found;
}

/** What the sign-in with the house's accounts left for the login to say; told once. */
function takeRefusal(): Refusal | null {
  const told = /(?:^|; )sightlog_refusal="?([^;"]+)/.exec(document.cookie)?.[1];
  if (!told) return null;
  document.cookie = "sightlog_refusal=; Max-Age=0; Path=/login";
  return JSON.parse(decodeURIComponent(told)) as Refusal;
}
