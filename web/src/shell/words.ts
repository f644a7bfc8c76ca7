/** Words of the frame around all pages. */

import { words } from "../lib/words.svelte";

export const t = words(
  {
    archive: "Archive", review: "Review", live: "Live", cameras: "Cameras", storage: "Storage", system: "System", data: "API & data",
    users: "Users", settings: "Settings", shared: "Shared footage", login: "Sign in",
    pages: "Pages", more: "More", skip: "To the content", signOut: "Sign out", adminToken: "Admin token", keys: "Keys", keysHelp: "Show these keys",
    broken: "This part of the page broke", brokenText: "The rest still works. If it happens again, tell who runs this installation:",
    linkEnded: "This link has ended", linkEndedText: "Ask whoever sent it for a new one.",
    noPage: "There is no such page", toArchive: "To the archive", notAllowed: "You may not see this page", away: "The server does not answer",
    awayText: "Recording does not depend on this page.", anywhere: "Everywhere",
  },
  {
    archive: "Archiwum", review: "Przegląd", live: "Na żywo", cameras: "Kamery", storage: "Magazyn", system: "System", data: "API i dane",
    users: "Użytkownicy", settings: "Ustawienia", shared: "Udostępnione nagranie", login: "Logowanie",
    pages: "Strony", more: "Więcej", skip: "Do treści", signOut: "Wyloguj", adminToken: "Token administratora", keys: "Klawisze", keysHelp: "Pokaż te klawisze",
    broken: "Ta część strony przestała działać", brokenText: "Reszta działa dalej. Jeśli to się powtórzy, zgłoś administratorowi:",
    linkEnded: "Ten odnośnik wygasł", linkEndedText: "Poproś o nowy tego, kto go wysłał.",
    noPage: "Nie ma takiej strony", toArchive: "Do archiwum", notAllowed: "Nie masz dostępu do tej strony", away: "Serwer nie odpowiada",
    awayText: "Nagrywanie nie zależy od tej strony.", anywhere: "Wszędzie",
  },
);
