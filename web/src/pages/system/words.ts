/** Words of this page. */

import { words } from "../../lib/words.svelte";

export const t = words(
  {
    title: "System", now: "Now", letters: "Letters", runs: "Runs and rebuilds", audit: "Audit trail", unknown: "Not known: somebody does not answer.", allWell: "All is well",
    parts: "What runs here", noParts: "Nobody supervises on this machine: see where each service runs.", part: "Part", state: "State", since: "Started", memory: "Memory", well: "runs",
    notWell: "does not run", lag: "Who is behind", lagHint: "Records that each has not read yet, in the order in which facts come to them.", group: "Group", workers: "Workers",
    records: "Records behind", tables: "Tables", projection: "Projection", topic: "Topic", newest: "Newest fact is this old", versions: "Versions", stores: "Stores", noStores: "Nobody has measured how full the store is.", more: "More",
    lettersHint: "What somebody could not use, with the reason. Told again, it is used as if it had just come.", noLetters: "No letters", value: "Record", redrive: "Tell again",
    redriven: "It stands on its topic again", runsHint: "Footage, or what was seen of it, judged again beside what counts; promoting makes the new verdicts count.", addRun: "New run",
    rebuilt: (name: string) => `Tables of ${name} are made anew`, left: (left: string, all: string) => `${left} of ${all} facts left`, noRuns: "No runs yet",
    noRunsText: "A run looks at the past again with another detector or settings.", everyCamera: "every camera", promote: "Make it count", drop: "Drop", requested: "waits", running: "runs",
    done: "done", promoting: "is promoted", promoted: "counts", dropped: "dropped", runName: "Name", runNameHint: "Letters, digits, . _ -", from: "From", to: "To", cameras: "Cameras",
    camerasHint: "Names with commas; empty: all", detector: "Detector", evidence: "Rests on", evidenceHint: "Looks are what was seen the first time: seconds instead of hours",
    footage: "footage", looks: "stored looks", who: "Who", camera: "Camera", find: "Find", noActions: "Nothing was done that fits", when: "When", what: "What", anything: "Anything", lastOne: (when: string) => `last ${when}`, tellAll: (n: number) => `Tell all ${n} again`, about: "About", zone: (name: string) => `Times are in the zone ${name}.`,
  },
  {
    title: "System", now: "Teraz", letters: "Odrzucone", runs: "Przebiegi i przebudowy", audit: "Dziennik działań", unknown: "Nie wiadomo: ktoś nie odpowiada.", allWell: "Wszystko w porządku",
    parts: "Co tu działa", noParts: "Na tej maszynie nikt nie nadzoruje: sprawdź, gdzie działa każda usługa.", part: "Część", state: "Stan", since: "Start", memory: "Pamięć", well: "działa",
    notWell: "nie działa", lag: "Kto jest opóźniony", lagHint: "Ile rekordów każdy ma jeszcze do przeczytania, w kolejności przepływu faktów.", group: "Grupa", workers: "Procesy",
    records: "Opóźnienie w rekordach", tables: "Tabele", projection: "Projekcja", topic: "Temat", newest: "Wiek najnowszego faktu", versions: "Wersje", stores: "Magazyny", noStores: "Nikt nie zmierzył zapełnienia.", more: "Więcej",
    lettersHint: "Czego ktoś nie mógł użyć, z podaniem powodu. Ponowione zostanie użyte tak, jakby dopiero przyszło.", noLetters: "Nic nie odrzucono", value: "Rekord", redrive: "Ponów",
    redriven: "Znów jest w swoim temacie", runsHint: "Nagrania, albo to, co na nich widziano, ocenione ponownie obok obowiązujących ocen; zatwierdzenie sprawia, że nowe obowiązują.", addRun: "Nowy przebieg",
    rebuilt: (name: string) => `Tabele ${name} są przebudowywane`, left: (left: string, all: string) => `zostało ${left} z ${all} faktów`, noRuns: "Nie ma jeszcze przebiegów",
    noRunsText: "Przebieg ogląda przeszłość jeszcze raz, z innym detektorem lub ustawieniami.", everyCamera: "każda kamera", promote: "Zatwierdź", drop: "Porzuć", requested: "czeka", running: "trwa",
    done: "gotowy", promoting: "zatwierdzany", promoted: "obowiązuje", dropped: "porzucony", runName: "Nazwa", runNameHint: "Litery, cyfry, . _ -", from: "Od", to: "Do", cameras: "Kamery",
    camerasHint: "Nazwy po przecinku; puste: wszystkie", detector: "Detektor", evidence: "Opiera się na", evidenceHint: "Spojrzenia to to, co widziano za pierwszym razem: sekundy zamiast godzin",
    footage: "nagraniach", looks: "zapisanych spojrzeniach", who: "Kto", camera: "Kamera", find: "Szukaj", noActions: "Nic takiego nie zrobiono", when: "Kiedy", what: "Co", anything: "Cokolwiek", lastOne: (when: string) => `ostatnio ${when}`, tellAll: (n: number) => `Ponów wszystkie (${n})`, about: "Czego dotyczy", zone: (name: string) => `Czasy są podane w strefie ${name}.`,
  },
);
