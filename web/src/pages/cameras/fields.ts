/** Fields of a camera as people type them. */

import type { Camera } from "../../lib/api/cameras";
import { DAY, HOUR, SECOND } from "../../lib/times";

/** Words with commas, each once; empty ones are left out. */
export const listed = (text: string): string[] => [...new Set(text.split(/[,;]/).map((one) => one.trim()).filter(Boolean))];

export interface Typed {
  title: string; source: string; enabled: boolean; isAudible: boolean; hours: number | null; days: number | null; gigabytes: number | null;
  folder: string; groups: string; labels: string; zone: string; isProtected: boolean; types: string; before: number; after: number;
  words: string; login: string; password: string; aliases: string;
}

/** The camera's settings for a form. */
export const typed = (one: Camera): Typed => ({
  title: one.title, source: one.source ?? "", enabled: one.enabled, isAudible: one.audio === "keep", hours: inUnits(one.depth_ms, HOUR), days: inUnits(one.keep_ms, DAY),
  gigabytes: inUnits(one.quota_bytes, 1e9), folder: one.folder ?? "", groups: (one.groups ?? []).join(", "), labels: one.labels.join(", "), zone: one.time_zone,
  isProtected: one.protect.enabled, types: one.protect.types.join(", "), before: one.protect.before_ms / SECOND, after: one.protect.after_ms / SECOND,
  words: one.catch.join(", "), login: one.mail_login, password: one.mail_password, aliases: one.mail_aliases.join(", "),
});

/** What the form changes of a camera; empty limits are none. */
export const changesOf = (form: Typed): Partial<Camera> => ({
  title: form.title.trim(), source: form.source.trim() || null, enabled: form.enabled, audio: form.isAudible ? "keep" : "drop", depth_ms: inMs(form.hours, HOUR) ?? 0,
  keep_ms: inMs(form.days, DAY), quota_bytes: inMs(form.gigabytes, 1e9), folder: form.folder.trim(), groups: listed(form.groups), labels: listed(form.labels),
  time_zone: form.zone.trim(), catch: listed(form.words), mail_login: form.login.trim(), mail_password: form.login.trim() ? form.password : "", mail_aliases: listed(form.aliases),
  protect: { enabled: form.isProtected, types: listed(form.types), before_ms: inMs(form.before, SECOND) ?? 0, after_ms: inMs(form.after, SECOND) ?? 0 },
});

const inUnits = (value: number | null, unit: number): number | null => (value === null ? null : Math.round((value / unit) * 1e6) / 1e6);
const inMs = (amount: number | null | undefined, unit: number): number | null =>
  amount === null || amount === undefined || Number.isNaN(amount) ? null : Math.round(amount * unit);
