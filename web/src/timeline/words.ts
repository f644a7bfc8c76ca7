/** What the timeline says. */

import { plural, words } from "../lib/words.svelte";

export const t = words(
  {
    timeline: "Archive timeline", legend: "What the timeline shows", recorded: "recorded", protectedBy: (holds: string) => `protected: ${holds}`,
    notRecorded: "no footage", future: "not yet recorded", expires: (why: string, when: string) => `will be deleted: ${why}, not before ${when}`, depth: "older than its depth", keep: "older than its keep", room: "room is needed", quota: "over its quota", hard_cap: "the store is full", zoomIn: "Zoom in", zoomOut: "Zoom out", now: "Now", goNow: "Go to now",
    selectionStart: "Selection start", selectionEnd: "Selection end", motion: "motion", alarm: "alarm", analytics: "analytics", person: "person",
    gap: "gap", protected: "protected", locked: "locked", expiring: "expires next", failed: "The timeline could not be loaded", show: (what: string) => `Show ${what}`,
    source_lost: "camera not reached", source_unreadable: "camera sent nothing readable", recorder_stopped: "recorder was stopped",
    recorder_crashed: "recorder ended unexpectedly", clock_jump: "clock was put forward", spool_full: "no room to wait for the store",
    disk_full: "disk was full", media_disabled: "recording was switched off", store_lost: "lost by the store",
    holdEpisode: "episode", holdLock: "lock", holdExport: "export", types: "Types of episodes", generic: "other", face: "face", vehicle: "vehicle", human: "human", qr: "QR code",
    episodes: (n: number) => plural(n, { one: "# episode", other: "# episodes" }),
    and: (n: number) => plural(n, { one: "and # more", other: "and # more" }), range: "Time shown",
    tenMinutes: "10 min", hour: "1 hour", day: "1 day", week: "1 week", month: "30 days", quarter: "90 days",
  },
  {
    timeline: "Oś czasu archiwum", legend: "Co pokazuje oś czasu", recorded: "nagranie", protectedBy: (holds: string) => `chronione: ${holds}`,
    notRecorded: "brak nagrania", future: "jeszcze nie nagrane", expires: (why: string, when: string) => `zostanie usunięte: ${why}, nie wcześniej niż ${when}`, depth: "starsze niż głębokość", keep: "starsze niż czas zachowania", room: "potrzeba miejsca", quota: "ponad limit kamery", hard_cap: "magazyn jest pełny", zoomIn: "Przybliż", zoomOut: "Oddal", now: "Teraz", goNow: "Przejdź do chwili obecnej",
    selectionStart: "Początek zaznaczenia", selectionEnd: "Koniec zaznaczenia", motion: "ruch", alarm: "alarm", analytics: "analityka", person: "osoba",
    gap: "przerwa", protected: "chronione", locked: "zablokowane", expiring: "zniknie następne", failed: "Nie udało się wczytać osi czasu", show: (what: string) => `Pokaż: ${what}`,
    source_lost: "brak połączenia z kamerą", source_unreadable: "kamera nie wysłała nic czytelnego", recorder_stopped: "rejestrator był zatrzymany",
    recorder_crashed: "rejestrator zakończył się nagle", clock_jump: "zegar przestawiono naprzód", spool_full: "brak miejsca na czekanie na magazyn",
    disk_full: "dysk był pełny", media_disabled: "nagrywanie było wyłączone", store_lost: "utracone przez magazyn",
    holdEpisode: "epizod", holdLock: "blokada", holdExport: "eksport", types: "Rodzaje epizodów", generic: "inne", face: "twarz", vehicle: "pojazd", human: "człowiek", qr: "kod QR",
    episodes: (n: number) => plural(n, { one: "# epizod", few: "# epizody", other: "# epizodów" }),
    and: (n: number) => plural(n, { one: "i jeszcze #", other: "i jeszcze #" }), range: "Pokazywany czas",
    tenMinutes: "10 min", hour: "1 godz.", day: "1 dzień", week: "1 tydzień", month: "30 dni", quarter: "90 dni",
  },
);

/** A word by its name, for what the API names; the name itself, readable, where we have no word for it. */
export function wordOf(name: string): string {
  const found = (t as Record<string, unknown>)[name];
  return typeof found === "string" ? found : name.replaceAll("_", " ");
}
