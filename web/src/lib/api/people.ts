/** Who asks, users, groups, tokens and share links. */

import { all, ask } from "./request";
import type { Right } from "./cameras";

export type Via = "session" | "token" | "share" | "admin-token";

/** Who asks, and what they may do anywhere. `user` null: the admin token or a share link. */
export interface Me {
  user: string | null; title: string; admin: boolean; watches: boolean; language: string; groups: string[]; via: Via;
  share: { media: string; from_ms: number; to_ms: number; export: boolean } | null;
  may: Record<Right, boolean>;
}

export interface Session { session_id: string; opened_ms: number; expires_ms: number; peer: string; agent: string; current: boolean }

export interface User {
  user: string; title: string; groups: string[]; admin: boolean; watches: boolean; enabled: boolean;
  language: string; subject: string; has_password: boolean;
}

/** What is set of a user; the login stands in the address. */
export type UserBody = Omit<User, "user" | "has_password"> & { password?: string };

export interface Group {
  group: string; title: string; live: boolean; archive: boolean; archive_depth_ms: number | null;
  export: boolean; protect: boolean; configure: boolean; users: string[]; cameras: number;
}

export interface Token {
  token_id: string; user: string; title: string; scopes: string[]; media: string[] | null;
  issued_ms: number; expires_ms: number | null; last_used_ms?: number | null;
}

export interface Share {
  share_id: string; media: string; from_ms: number; to_ms: number; export: boolean; expires_ms: number; title: string; user?: string | null; is_over?: boolean;
}

export const me = (signal?: AbortSignal): Promise<Me> => ask("/me", { signal });
export const putMe = (body: { title: string; language: string }): Promise<Me> => ask("/me", { method: "PUT", body });
export const putPassword = (body: { current: string; new: string }): Promise<void> => ask("/me/password", { method: "PUT", body });

export const signIn = (body: { login: string; password: string } | { token: string }): Promise<Me> =>
  ask("/sessions", { method: "POST", body });
export const sessions = async (): Promise<Session[]> => (await ask<{ sessions: Session[] }>("/sessions")).sessions;
export const endSession = (id: string): Promise<void> => ask(`/sessions/${encodeURIComponent(id)}`, { method: "DELETE" });

/** End every session of a user; how many there were. For admins. */
export async function endSessionsOf(user: string): Promise<number> {
  const { sessions: open } = await ask<{ sessions: Session[] }>("/sessions", { query: { user } });
  await Promise.all(open.map((one) => endSession(one.session_id)));
  return open.length;
}

export const users = (): Promise<User[]> => all<User>("/users", "users");
/** What a user's answer holds of what can be set; the password is never answered. */
export const bodyOf = ({ title, groups: joined, admin, watches, enabled, language, subject }: User): UserBody =>
  ({ title, groups: joined, admin, watches, enabled, language, subject });
/** Set the whole user; `isNew`: unless somebody has that login. */
export const putUser = (user: string, body: UserBody, isNew = false): Promise<User> =>
  ask(`/users/${encodeURIComponent(user)}`, { method: "PUT", body, isNew });
export const deleteUser = (user: string): Promise<void> => ask(`/users/${encodeURIComponent(user)}`, { method: "DELETE" });
export const importUsers = (csv: string): Promise<{ created: number; updated: number }> =>
  ask("/users/import", { method: "POST", body: csv, type: "text/csv" });

export const groups = (): Promise<Group[]> => all<Group>("/groups", "groups");
/** Set the whole group; `isNew`: unless there is one of that name. */
export const putGroup = (group: string, body: Omit<Group, "group" | "users" | "cameras">, isNew = false): Promise<Group> =>
  ask(`/groups/${encodeURIComponent(group)}`, { method: "PUT", body, isNew });
export const deleteGroup = (group: string): Promise<void> => ask(`/groups/${encodeURIComponent(group)}`, { method: "DELETE" });

export const tokens = (): Promise<Token[]> => all<Token>("/tokens", "tokens");
export const addToken = (body: { title: string; scopes: string[]; media: string[] | null; expires_ms: number | null }): Promise<Token & { token: string }> =>
  ask("/tokens", { method: "POST", body });
export const revokeToken = (id: string): Promise<void> => ask(`/tokens/${id}`, { method: "DELETE" });

export const shares = (): Promise<Share[]> => all<Share>("/shares", "shares");
export const addShare = (body: Omit<Share, "share_id" | "user" | "is_over">): Promise<Share & { secret: string }> =>
  ask("/shares", { method: "POST", body });
export const revokeShare = (id: string): Promise<void> => ask(`/shares/${id}`, { method: "DELETE" });
/** What is sent to people: the key stands behind `#`, so no server sees it in an address. */
export const shareLink = (secret: string): string => `${location.origin}/shared#key=${secret}`;
