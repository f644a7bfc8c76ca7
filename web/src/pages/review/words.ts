/** Words of this page. */

import { number, plural, words } from "../../lib/words.svelte";
import type { Said } from "./list";

const some = (n: number): string => (n >= 10_000 ? `${number(n)}+` : number(n));

export const t = words(
  {
    title: "Review", episodes: "Episodes", filters: "Filters", clear: "Clear filters", all: "All", any: "Any", apply: "Apply", zone: (name: string) => `Times: ${name}`,
    cameras: "Cameras", allCameras: "All cameras", folder: "Folder", group: "Group", type: "Type", origin: "Made by", label: "Label", time: "Time", find: "Find in title, labels, plate",
    since: "Since", "1h": "Last hour", "8h": "Last 8 hours", "24h": "Last 24 hours", "7d": "Last 7 days", "30d": "Last 30 days", window: "From … to …", from: "From", to: "To",
    ever: "Any time", unreviewed: "Not reviewed", favourites: "Favourites", findCamera: "Find a camera", none: "None of them",
    live: "live", connecting: "connecting…", polling: "every 10 seconds", lost: "no connection: tried again", off: "not followed",
    count: (n: number) => `${some(n)} ${plural(n, { one: "episode", other: "episodes" })}`,
    place: (at: number, all: number) => `${number(at)} / ${some(all)}`, came: (n: number) => plural(n, { one: "# new", other: "# new" }),
    motion: "motion", alarm: "alarm", analytics: "analytics", person: "person", goesOn: "goes on", moment: "moment",
    partial: "partly recorded", noFootage: "no footage", noPicture: "no picture", isReviewed: "Reviewed", favourite: "Favourite", quick: "Quick view", select: "Select",
    selected: (n: number) => plural(n, { one: "# selected", other: "# selected" }), unselect: "Clear selection", markReviewed: "Mark reviewed", markSight: "Mark those in sight reviewed",
    protect: "Protect", protectTitle: (n: number) => plural(n, { one: "Protect # episode", other: "Protect # episodes" }), reason: "Reason", before: "Keep before it, s", after: "Keep after it, s",
    protectText: "The footage of each is kept until its lock is given back.",
    protected: (n: number) => plural(n, { one: "# protected", other: "# protected" }), released: (n: number) => plural(n, { one: "# lock given back", other: "# locks given back" }),
    notProtected: (n: number) => plural(n, { one: "# of them has no footage any more", other: "# of them have no footage any more" }),
    reviewReason: (what: string) => `Review: ${what}`, several: "several episodes",
    noCameras: "No camera yet", noCamerasText: "Episodes come from cameras: what they mail, what moves before them, what analytics says.", addCamera: "Add a camera",
    noEpisodes: "No episodes yet", noEpisodesText: "They come with motion, mails of cameras, analytics and marks of people. New ones slide in here.",
    nothingFound: "No episodes in these filters", allReviewed: "Everything here is reviewed", noSuchCameras: "No camera is in this folder and group",
    tooMany: "These are too many cameras for one question", tooManyText: "Choose a smaller folder or group, or all cameras.",
    open: "Open in the archive", previous: "Previous", next: "Next", noVideo: "No video here", noVideoText: "The footage of this episode is not kept, or was never recorded.", codec: "This browser cannot decode this camera's video.", play: "Play or stop",
    saidOf: (said: Said, n: number) => {
      const forms = { one: "# episode", other: "# episodes" };
      if (said.reviewed !== undefined) return `${plural(n, forms)} ${said.reviewed ? "reviewed" : "not reviewed any more"}`;
      return `${plural(n, forms)} ${said.favourite ? "among your favourites" : "no favourite any more"}`;
    },
    keyPrevious: "Previous episode", keyNext: "Next episode", keyAbove: "Episode above", keyBelow: "Episode below", keyView: "Quick view; in it: play or stop", keyOpen: "Open in the archive",
    keyReviewed: "Reviewed, or not", keyFavourite: "Favourite, or not", keyProtect: "Protect", keySelect: "Select, or not", keySelectAll: "Select all in sight", keyClear: "Clear the selection",
    keyNewest: "To the newest", keySearch: "Search", moving: "Going through episodes", saying: "Saying something of them", selecting: "Selecting several",
  },
  {
    title: "Przegląd", episodes: "Epizody", filters: "Filtry", clear: "Wyczyść filtry", all: "Wszystkie", any: "Dowolna", apply: "Zastosuj", zone: (name: string) => `Czas: ${name}`,
    cameras: "Kamery", allCameras: "Wszystkie kamery", folder: "Folder", group: "Grupa", type: "Rodzaj", origin: "Źródło", label: "Etykieta", time: "Czas", find: "Szukaj w tytule, etykietach, tablicy",
    since: "Od", "1h": "Ostatnia godzina", "8h": "Ostatnie 8 godzin", "24h": "Ostatnie 24 godziny", "7d": "Ostatnie 7 dni", "30d": "Ostatnie 30 dni", window: "Od … do …", from: "Od", to: "Do",
    ever: "Dowolny czas", unreviewed: "Nieprzejrzane", favourites: "Ulubione", findCamera: "Znajdź kamerę", none: "Żadna z nich",
    live: "na żywo", connecting: "łączenie…", polling: "co 10 sekund", lost: "brak połączenia: kolejna próba", off: "bez śledzenia",
    count: (n: number) => `${some(n)} ${plural(n, { one: "epizod", few: "epizody", other: "epizodów" })}`,
    place: (at: number, all: number) => `${number(at)} / ${some(all)}`, came: (n: number) => plural(n, { one: "# nowy", few: "# nowe", other: "# nowych" }),
    motion: "ruch", alarm: "alarm", analytics: "analityka", person: "osoba", goesOn: "trwa", moment: "chwila",
    partial: "nagrany częściowo", noFootage: "bez nagrania", noPicture: "brak obrazu", isReviewed: "Przejrzany", favourite: "Ulubiony", quick: "Szybki podgląd", select: "Zaznacz",
    selected: (n: number) => plural(n, { one: "# zaznaczony", few: "# zaznaczone", other: "# zaznaczonych" }), unselect: "Usuń zaznaczenie", markReviewed: "Oznacz jako przejrzane", markSight: "Oznacz widoczne jako przejrzane",
    protect: "Chroń", protectTitle: (n: number) => plural(n, { one: "Chroń # epizod", few: "Chroń # epizody", other: "Chroń # epizodów" }), reason: "Powód", before: "Zachowaj przed nim, s", after: "Zachowaj po nim, s",
    protectText: "Nagranie każdego jest przechowywane, aż jego blokada zostanie zwolniona.",
    protected: (n: number) => plural(n, { one: "# chroniony", few: "# chronione", other: "# chronionych" }), released: (n: number) => plural(n, { one: "# blokada zwolniona", few: "# blokady zwolnione", other: "# blokad zwolnionych" }),
    notProtected: (n: number) => plural(n, { one: "# z nich nie ma już nagrania", other: "# z nich nie ma już nagrania" }),
    reviewReason: (what: string) => `Przegląd: ${what}`, several: "kilka epizodów",
    noCameras: "Nie ma jeszcze kamery", noCamerasText: "Epizody pochodzą z kamer: z ich wiadomości, z ruchu przed nimi, z analityki.", addCamera: "Dodaj kamerę",
    noEpisodes: "Nie ma jeszcze epizodów", noEpisodesText: "Powstają z ruchu, wiadomości kamer, analityki i zaznaczeń ludzi. Nowe pojawią się tutaj same.",
    nothingFound: "Brak epizodów dla tych filtrów", allReviewed: "Wszystko tutaj jest przejrzane", noSuchCameras: "W tym folderze i grupie nie ma kamery",
    tooMany: "To zbyt wiele kamer na jedno pytanie", tooManyText: "Wybierz mniejszy folder lub grupę albo wszystkie kamery.",
    open: "Otwórz w archiwum", previous: "Poprzedni", next: "Następny", noVideo: "Tu nie ma wideo", noVideoText: "Nagranie tego epizodu nie jest przechowywane albo nigdy nie powstało.", codec: "Ta przeglądarka nie dekoduje obrazu tej kamery.", play: "Odtwórz lub zatrzymaj",
    saidOf: (said: Said, n: number) => {
      const forms = { one: "# epizod", few: "# epizody", other: "# epizodów" };
      if (said.reviewed !== undefined) return `${plural(n, forms)}: ${said.reviewed ? "przejrzane" : "znów nieprzejrzane"}`;
      return `${plural(n, forms)}: ${said.favourite ? "wśród ulubionych" : "już nie ulubione"}`;
    },
    keyPrevious: "Poprzedni epizod", keyNext: "Następny epizod", keyAbove: "Epizod powyżej", keyBelow: "Epizod poniżej", keyView: "Szybki podgląd; w nim: odtwórz lub zatrzymaj", keyOpen: "Otwórz w archiwum",
    keyReviewed: "Przejrzany lub nie", keyFavourite: "Ulubiony lub nie", keyProtect: "Chroń", keySelect: "Zaznacz lub odznacz", keySelectAll: "Zaznacz wszystkie widoczne", keyClear: "Usuń zaznaczenie",
    keyNewest: "Do najnowszych", keySearch: "Szukaj", moving: "Przechodzenie między epizodami", saying: "Co o nich mówisz", selecting: "Zaznaczanie kilku",
  },
);
