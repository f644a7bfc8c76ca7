/** Words of this page. */

import { words } from "../../lib/words.svelte";

export const t = words(
  { title: "Shared footage" },
  { title: "Udostępnione nagranie" },
);
