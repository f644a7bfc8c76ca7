/** Words of the archive. */

import { words } from "../../lib/words.svelte";

export const t = words(
  {
    title: "Archive", choose: "Choose a camera", live: "Live", nothing: "Nothing is recorded then", codec: "This browser cannot decode this camera's video",
    noCameras: "No cameras yet", video: "Video", press: "Press play", failed: (why: string) => `The video cannot be played (${why})`,
  },
  {
    title: "Archiwum", choose: "Wybierz kamerę", live: "Na żywo", nothing: "Nic wtedy nie nagrano", codec: "Ta przeglądarka nie dekoduje obrazu tej kamery",
    noCameras: "Nie ma jeszcze kamer", video: "Wideo", press: "Naciśnij odtwarzanie", failed: (why: string) => `Nie można odtworzyć (${why})`,
  },
);
