/** Words of this page. */

import { words } from "../../lib/words.svelte";

export const t = words(
  { title: "Shared footage", window: (from: string, to: string) => `${from} to ${to}`, ended: "This link has ended", endedText: "Ask whoever sent it for a new one.", export: "Export all of it" },
  { title: "Udostępnione nagranie", window: (from: string, to: string) => `${from} do ${to}`, ended: "Ten odnośnik wygasł", endedText: "Poproś o nowy tego, kto go wysłał.", export: "Eksportuj całość" },
);
