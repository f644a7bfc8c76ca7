/** Fields of a camera as people type them. */

import type { Configured } from "../../lib/api/cameras";
import { missing } from "../../lib/sending.svelte";
import { DAY, HOUR, SECOND } from "../../lib/times";

/** Words with commas, each once; empty ones are left out. */
export const listed = (text: string): string[] => [...new Set(text.split(/[,;]/).map((one) => one.trim()).filter(Boolean))];

export interface Typed {
  title: string; source: string; enabled: boolean; isAudible: boolean; hours: number | null; days: number | null; gigabytes: number | null;
  folder: string; groups: string; labels: string; zone: string; isProtected: boolean; types: string; before: number | null; after: number | null;
  words: string; login: string; password: string; aliases: string;
}

/** What a camera has that nobody configured. */
const DEFAULT_DEPTH_MS = 6 * HOUR;

/** The camera's settings for a form. */
export const typed = (one: Configured): Typed => ({
  title: one.title, source: one.source ?? "", enabled: one.enabled, isAudible: one.audio === "keep", hours: inUnits(one.depth_ms ?? DEFAULT_DEPTH_MS, HOUR), days: inUnits(one.keep_ms, DAY),
  gigabytes: inUnits(one.quota_bytes, 1e9), folder: one.folder ?? "", groups: (one.groups ?? []).join(", "), labels: one.labels.join(", "), zone: one.time_zone,
  isProtected: one.protect.enabled, types: one.protect.types.join(", "), before: one.protect.before_ms / SECOND, after: one.protect.after_ms / SECOND,
  words: one.catch.join(", "), login: one.mail_login, password: one.mail_password, aliases: one.mail_aliases.join(", "),
});

/** What the form changes of a camera; empty limits are none. Throws Problem where a number is empty that has no such meaning. */
export const changesOf = (form: Typed): Partial<Configured> => ({
  title: form.title.trim(), source: form.source.trim() || null, enabled: form.enabled, audio: form.isAudible ? "keep" : "drop", depth_ms: depthOf(form.hours),
  keep_ms: inMs(form.days, DAY), quota_bytes: inMs(form.gigabytes, 1e9), folder: form.folder.trim(), groups: listed(form.groups), labels: listed(form.labels),
  time_zone: form.zone.trim(),
  protect: { enabled: form.isProtected, types: listed(form.types), before_ms: msOf(form.before, SECOND, "protect.before_ms"), after_ms: msOf(form.after, SECOND, "protect.after_ms") },
});

/** What the form of mails changes of a camera; a password goes with a login. */
export const mailOf = (form: Typed): Partial<Configured> => ({
  catch: listed(form.words), mail_login: form.login.trim(), mail_password: form.login.trim() ? form.password : "", mail_aliases: listed(form.aliases),
});

/** So long is everything kept. Throws Problem where nothing was typed: an empty depth is no depth of nothing. */
export const depthOf = (hours: number | null): number => msOf(hours, HOUR, "depth_ms");

/** What was typed, in ms. Throws Problem at `field` where nothing was. */
export function msOf(amount: number | null | undefined, unit: number, field: string): number {
  return Math.round(given(amount, field) * unit);
}

/** A number that was typed. Throws Problem at `field` where none was. */
export function given(amount: number | null | undefined, field: string): number {
  if (amount === null || amount === undefined || Number.isNaN(amount)) throw missing(field);
  return amount;
}

type Limits = Pick<Configured, "depth_ms" | "keep_ms" | "quota_bytes">;

/** Which limits let footage go that is kept until now, the names of their fields. Null is no limit, but for depth: not known. What is no length at all the server refuses. */
export function shortened(before: Limits, after: Partial<Limits>): (keyof Limits)[] {
  return (["depth_ms", "keep_ms", "quota_bytes"] as const).filter((name) => {
    const [old, wanted] = [before[name], after[name]];
    if (wanted === undefined || wanted === null || (name === "depth_ms" && old === null)) return false;
    return wanted >= 0 && wanted < (old ?? Infinity);
  });
}

/** What was changed from `before`, to be set on the camera as it is `now`; of a group of settings only those that were changed. */
export function onto(now: Configured, before: Configured, changes: Partial<Configured>): Partial<Configured> {
  return differing(now, before, changes) as Partial<Configured>;
}

function differing(now: object, before: object, changes: object): Record<string, unknown> {
  const ofNow = new Map(Object.entries(now)), ofBefore = new Map(Object.entries(before));
  return Object.fromEntries(Object.entries(changes).flatMap(([name, value]) => {
    if (JSON.stringify(value) === JSON.stringify(ofBefore.get(name))) return [];
    const [theirs, old]: unknown[] = [ofNow.get(name), ofBefore.get(name)];
    return [[name, isGroup(value) && isGroup(theirs) && isGroup(old) ? { ...theirs, ...differing(theirs, old, value) } : value]];
  }));
}

const isGroup = (value: unknown): value is object => typeof value === "object" && value !== null && !Array.isArray(value);
const inUnits = (value: number | null, unit: number): number | null => (value === null ? null : Math.round((value / unit) * 1e6) / 1e6);
const inMs = (amount: number | null | undefined, unit: number): number | null =>
  amount === null || amount === undefined || Number.isNaN(amount) ? null : Math.round(amount * unit);
