/** Who uses the page, and what they may do. The cookie is the browser's own; no script sees it. */

import type { Right } from "./api/cameras";
import { dropBearer, hasBearer, useBearer } from "./api/credentials";
import { type Me, endSession, me, signIn } from "./api/people";
import { Problem, onSignedOut } from "./api/request";
import { speech } from "./words.svelte";

class Session {
  me = $state.raw<Me | null>(null);
  /** `unknown` until the first answer; `away`: the server did not answer. */
  state = $state<"unknown" | "in" | "out" | "away">("unknown");
  /** Why somebody has to sign in again; empty at first. */
  why = $state("");

  /** Find out who we are: a token or a key in the address first, then the cookie. */
  async start(): Promise<void> {
    onSignedOut.add(() => this.state === "in" && this.#out("expired"));
    const given = takeFromAddress();
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
    dropBearer();
    this.#in(await signIn(body));
  }

  async signOut(): Promise<void> {
    const byCookie = !hasBearer();
    this.#out("");
    if (byCookie) await endSession("current");
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
    speech.choose(who.language, ...speech.wishes());
  }

  #out(why: string): void {
    dropBearer();
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
