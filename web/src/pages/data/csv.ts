/** Rows as CSV: RFC 4180, with what a spreadsheet would run as a formula kept as text. */

export function csv(rows: readonly Record<string, unknown>[]): string {
  const columns = Object.keys(rows[0] ?? {});
  return [columns, ...rows.map((row) => columns.map((one) => row[one]))].map((line) => line.map(cell).join(",")).join("\r\n") + "\r\n";
}

/** One value as people read it; lists and objects as JSON. */
export const shown = (value: unknown): string =>
  value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);

function cell(value: unknown): string {
  const text = shown(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
