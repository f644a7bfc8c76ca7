/** Words of this page. */

import { words } from "../../lib/words.svelte";

export const t = words(
  { title: "Shared footage", window: (from: string, to: string) => `${from} to ${to}`, export: "Export all of it" },
  { title: "Udostępnione nagranie", window: (from: string, to: string) => `${from} do ${to}`, export: "Eksportuj całość" },
);
