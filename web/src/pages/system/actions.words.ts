/** What people did, as the audit trail names it, in words. */

import { words } from "../../lib/words.svelte";

export const t = words(
  {
    "signed-in": "signed in", "sign-in-refused": "sign-in refused", "signed-out": "signed out", viewed: "watched", exported: "exported", protected: "protected", released: "gave back",
    restored: "took back a deletion", shared: "shared", marked: "marked", deleted: "deleted", changed: "changed", queried: "asked in SQL",
  },
  {
    "signed-in": "logowanie", "sign-in-refused": "odmowa logowania", "signed-out": "wylogowanie", viewed: "oglądanie", exported: "eksport", protected: "ochrona", released: "zwolnienie blokady",
    restored: "cofnięcie usunięcia", shared: "udostępnienie", marked: "oznaczenie", deleted: "usunięcie", changed: "zmiana", queried: "zapytanie SQL",
  },
);

/** An action in words; one that this page does not know stays as it is. */
export const actionOf = (action: string): string => t[action as keyof typeof t] ?? action;
