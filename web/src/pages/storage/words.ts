/** Words of this page. */

import { words } from "../../lib/words.svelte";

export const t = words(
  { title: "Storage" },
  { title: "Pamięć" },
);
