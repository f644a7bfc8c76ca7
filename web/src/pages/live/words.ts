/** Words of this page. */

import { words } from "../../lib/words.svelte";

export const t = words(
  {
    title: "Live", layout: "Layout", auto: "Automatic", folder: "Folder", group: "Group", all: "all", playing: "Play at once", pictures: "only pictures",
    previous: "Previous page", next: "Next page", page: (now: number, all: number) => `${now} of ${all}`, full: "Full screen", back: "Back to all", archive: "Open in the archive",
    liveNow: "live", stuck: "no connection: tried again", picture: (time: string) => `picture of ${time}`, opening: "opening",
    never: "Nothing recorded yet", neverText: "The camera was not reached since it was added.", off: "Switched off",
    lostSince: (time: string, ago: string) => `No footage since ${time} (${ago})`, large: (name: string) => `Show ${name} large`, move: "move with Alt and arrows",
    noCameras: "No camera yet", addCamera: "Add a camera", nothing: "No camera is in this folder and group", clear: "Show all", notLive: "You may watch no camera live",
    keyLarge: "Show large", keyBack: "Back to all", keyFull: "Full screen", keyPrevious: "Previous page", keyNext: "Next page", keyLayout: "Layout: 1, 4, 9, 16, 25, automatic",
    keyMove: "Move the camera that has the focus", mosaic: "Cameras", moved: (name: string, place: number) => `${name} stands at place ${place}`,
  },
  {
    title: "Na żywo", layout: "Układ", auto: "Automatyczny", folder: "Folder", group: "Grupa", all: "wszystkie", playing: "Odtwarzaj naraz", pictures: "tylko obrazy",
    previous: "Poprzednia strona", next: "Następna strona", page: (now: number, all: number) => `${now} z ${all}`, full: "Pełny ekran", back: "Wróć do wszystkich", archive: "Otwórz w archiwum",
    liveNow: "na żywo", stuck: "brak połączenia: kolejna próba", picture: (time: string) => `obraz z ${time}`, opening: "otwieranie",
    never: "Jeszcze nic nie nagrano", neverText: "Od dodania nie było połączenia z kamerą.", off: "Wyłączona",
    lostSince: (time: string, ago: string) => `Bez nagrania od ${time} (${ago})`, large: (name: string) => `Powiększ: ${name}`, move: "przesuwaj klawiszem Alt i strzałkami",
    noCameras: "Nie ma jeszcze kamery", addCamera: "Dodaj kamerę", nothing: "W tym folderze i grupie nie ma kamery", clear: "Pokaż wszystkie", notLive: "Nie możesz oglądać żadnej kamery na żywo",
    keyLarge: "Powiększ", keyBack: "Wróć do wszystkich", keyFull: "Pełny ekran", keyPrevious: "Poprzednia strona", keyNext: "Następna strona", keyLayout: "Układ: 1, 4, 9, 16, 25, automatyczny",
    keyMove: "Przesuń kamerę, która ma fokus", mosaic: "Kamery", moved: (name: string, place: number) => `${name}: miejsce ${place}`,
  },
);
