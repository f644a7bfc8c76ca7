/** What a token may be issued for. */

import { t } from "./words";

export const scopes = ["live", "archive", "export", "protect", "configure", "admin"] as const;
export type Scope = (typeof scopes)[number];

/** A scope in words; one that this page does not know, as it is. */
export const scopeName = (scope: string): string => (scopes.includes(scope as Scope) ? t[scope as Scope] : scope);

/** Camera names typed with commas or on lines; null where none is. */
export function named(text: string): string[] | null {
  const names = [...new Set(text.split(/[,;\n]/).map((one) => one.trim().normalize("NFC")).filter(Boolean))];
  return names.length ? names : null;
}
