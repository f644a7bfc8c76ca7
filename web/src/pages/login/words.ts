/** Words of the login. */

import { words } from "../../lib/words.svelte";

export const t = words(
  {
    title: "Sign in", token: "Token", signIn: "Sign in", badToken: "The token is wrong or no longer good", expired: "You were signed out; sign in again",
    tokenHint: "The first one is printed at the first start and kept in admin.token in the data folder.",
  },
  {
    title: "Logowanie", token: "Token", signIn: "Zaloguj", badToken: "Token jest zły albo stracił ważność", expired: "Nastąpiło wylogowanie; zaloguj się ponownie",
    tokenHint: "Pierwszy jest wypisany przy pierwszym uruchomieniu i leży w pliku admin.token w katalogu danych.",
  },
);
