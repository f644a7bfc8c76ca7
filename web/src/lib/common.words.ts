/** Words that many pages share. */

import { plural, words } from "./words.svelte";

export const common = words(
  {
    add: "Add", save: "Save", cancel: "Cancel", close: "Close", remove: "Delete", edit: "Edit", search: "Search", retry: "Try again",
    copy: "Copy", copied: "Copied", yes: "Yes", no: "No", none: "None", all: "All", more: "More", loading: "Loading…",
    failed: "That did not work", saved: "Saved", offline: "The server does not answer", notAllowed: "You may not do that",
    optional: "optional", download: "Download", upload: "Upload", menu: "Menu", back: "Back", undo: "Undo", exists: "exists already", needed: "a number is needed here", never: "never", ever: "for ever",
    results: (n: number) => plural(n, { one: "# result", other: "# results" }),
    cameras: (n: number) => plural(n, { one: "# camera", other: "# cameras" }),
  },
  {
    add: "Dodaj", save: "Zapisz", cancel: "Anuluj", close: "Zamknij", remove: "Usuń", edit: "Edytuj", search: "Szukaj", retry: "Spróbuj ponownie",
    copy: "Kopiuj", copied: "Skopiowano", yes: "Tak", no: "Nie", none: "Brak", all: "Wszystkie", more: "Więcej", loading: "Wczytywanie…",
    failed: "Nie udało się", saved: "Zapisano", offline: "Serwer nie odpowiada", notAllowed: "Nie masz do tego prawa",
    optional: "opcjonalnie", download: "Pobierz", upload: "Wczytaj", menu: "Menu", back: "Wstecz", undo: "Cofnij", exists: "już istnieje", needed: "tu potrzebna jest liczba", never: "nigdy", ever: "bezterminowo",
    results: (n: number) => plural(n, { one: "# wynik", few: "# wyniki", other: "# wyników" }),
    cameras: (n: number) => plural(n, { one: "# kamera", few: "# kamery", other: "# kamer" }),
  },
);
