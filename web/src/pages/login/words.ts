/** Words of the login. */

import { plural, words } from "../../lib/words.svelte";

export const t = words(
  {
    login: "Login", password: "Password", token: "Token", signIn: "Sign in", byToken: "Sign in with a token",
    badLogin: "The login or the password is wrong", badToken: "The token is wrong or no longer good", expired: "You were signed out. Sign in again.",
    tooMany: (s: number) => `Too many tries. Try again in ${plural(s, { one: "# second", other: "# seconds" })}.`, or: "or", refused: "The account of the house did not let you in",
    away: "The accounts of the house cannot be asked now", wait: "Too many tries; wait a while", language: "Language",
    tokenHint: "The first token is printed at the first start and kept in admin.token in the data folder.",
  },
  {
    login: "Login", password: "Hasło", token: "Token", signIn: "Zaloguj", byToken: "Zaloguj się tokenem",
    badLogin: "Login lub hasło jest złe", badToken: "Token jest zły albo stracił ważność", expired: "Nastąpiło wylogowanie. Zaloguj się ponownie.",
    tooMany: (s: number) => `Za wiele prób. Spróbuj ponownie za ${plural(s, { one: "# sekundę", few: "# sekundy", other: "# sekund" })}.`, or: "lub", refused: "Konto firmowe nie zostało wpuszczone",
    away: "Nie można teraz zapytać o konta firmowe", wait: "Za wiele prób; poczekaj chwilę", language: "Język",
    tokenHint: "Pierwszy token jest wypisany przy pierwszym uruchomieniu i leży w pliku admin.token w katalogu danych.",
  },
);
