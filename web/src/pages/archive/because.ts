/** The reasons why a moment is kept or gone, in the reader's language. In English they are the server's own sentences, which say most. */

import type { Reason } from "../../lib/api/footage";
import { bytes, length, short } from "../../lib/times";
import { words } from "../../lib/words.svelte";
import { wordOf } from "../../timeline/words";

/** What a reason tells beside its sentence; each kind has some of it. */
interface Told {
  start_ms: number; end_ms: number | null; size_bytes: number; age_ms: number; depth_ms: number; keep_ms: number | null; reason: string; segments: number;
  delete_after_ms: number; ordered_ms: number; deleted_ms: number; first_ms: number; last_ms: number; expired_ms: number;
  hold: { kind: "episode" | "lock" | "export"; id: string }; lock: { reason: string; requested_by: string; until_ms: number | null } | undefined;
  episode: { episode_type?: string; title?: string | null } | undefined;
}

/** Why retention decided, as the field `reason` says. */
const CAUSES: Readonly<Record<string, string>> = {
  depth: "starsze niż głębokość", keep: "starsze niż czas zachowania", room: "potrzeba miejsca", quota: "ponad limit kamery", hard_cap: "magazyn jest pełny",
};
const causeOf = (one: Told): string => CAUSES[one.reason] ?? one.reason;

function holderOf({ hold, lock, episode }: Told): string {
  if (hold.kind === "episode") return episode ? `epizod ${episode.title || wordOf(episode.episode_type ?? "")}` : `epizod ${hold.id}`;
  if (hold.kind === "export") return lock ? `eksport, który to czyta (${lock.requested_by})` : `eksport ${hold.id}`;
  return lock ? `blokada: „${lock.reason}” (${lock.requested_by}${lock.until_ms === null ? "" : `, do ${short(lock.until_ms)}`})` : `blokada ${hold.id}`;
}

const POLISH: Readonly<Record<string, (one: Told) => string>> = {
  stored: (one) => `nagrane ${short(one.start_ms)}, ${bytes(one.size_bytes)}`,
  hold: (one) => `chroni to ${holderOf(one)}`,
  expiring: (one) => `zniknie po ${short(one.delete_after_ms)}: ${causeOf(one)}`,
  unjudged: () => "ruch nie jest tu jeszcze oceniony, a wcześniej nic nie znika",
  restored: (one) => `decyzję o usunięciu (${causeOf(one)}) cofnięto`,
  left: () => "wcześniejsze nagranie z tego czasu kazano usunąć; to zostało",
  depth: (one) => `kamera zachowuje wszystko przez ${length(one.depth_ms)}; to ma ${length(one.age_ms)}`,
  keep: (one) => `starsze niż ${length(one.depth_ms)}, które zachowuje kamera; chronione zostaje, dopóki wolno i jest miejsce`,
  waiting: (one) => `starsze niż ${length(one.depth_ms)}, które zachowuje kamera; jeszcze nie zdecydowano o usunięciu`,
  no_camera: () => "tej kamery już nie skonfigurowano: reszta podlega jej ostatnim ustawieniom",
  expired: (one) => `${short(one.expired_ms)} zdecydowano o usunięciu: ${causeOf(one)}`,
  ordered: (one) => `usunięcie zlecono ${short(one.ordered_ms)}: minął okres ochronny i nic tego nie chroniło`,
  deleted: (one) => `usunięte ${short(one.deleted_ms)}, ${bytes(one.size_bytes)}`,
  missing: (one) => `brak stwierdzono ${short(one.deleted_ms)}; żadna decyzja tego nie usunęła`,
  gap: (one) => `${wordOf(one.reason)}, od ${short(one.start_ms)}${one.end_ms === null ? " do teraz" : ` do ${short(one.end_ms)}`}`,
  before_first: (one) => `przed pierwszym nagraniem, ${short(one.first_ms)}`,
  after_last: (one) => `po ostatnim nagraniu, ${short(one.last_ms)}`,
  future: () => "to jeszcze nie nadeszło",
  nothing_yet: () => "ta kamera niczego jeszcze nie nagrała",
  not_recorded: () => "wtedy nic nie nagrano i żaden rejestrator nie powiedział dlaczego",
};

const t = words(
  { of: (one: Reason) => one.text },
  { of: (one: Reason) => POLISH[one.kind]?.(one as unknown as Told) ?? one.text },
);

/** One reason as a sentence. */
export const sentenceOf = (one: Reason): string => t.of(one);
