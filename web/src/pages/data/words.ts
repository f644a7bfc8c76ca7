/** Words of this page. */

import { words } from "../../lib/words.svelte";

export const t = words(
  { title: "API & data" },
  { title: "API i dane" },
);
