/** A made-up archive that answers like the API: ninety days of one camera, as many episodes as wanted, the same every time. */

import type { Episode, Expiration, Gap, Protected, Span } from "../content";
import type { Ask } from "../questions";
import { lots } from "./lots";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const DAYS = 90;
/** The one camera that has anything. */
const CAMERA = "gate";
const EMPTY = { recorded: [], gaps: [], protected: [], episodes: [], expirations: [], next: null, estimated_count: 0 };
const SOURCES = ["motion_detector", "motion_detector", "alarm", "inference", "api", "person"];
const TYPES = ["generic", "generic", "vehicle", "human", "face", "qr", "parcel"];
const REASONS = ["source_lost", "recorder_stopped", "disk_full"];

export class MadeArchive {
  readonly episodes: Episode[] = [];
  readonly recorded: Span[] = [];
  readonly gaps: Gap[] = [];
  readonly protected: Protected[] = [];
  readonly expirations: Expiration[] = [];
  /** Every path that was asked for. */
  readonly asked: string[] = [];

  /** `counted`: as with the API, too many episodes are only counted; else every one is told, whatever their number. */
  constructor(readonly now: number, marks: number, private readonly counted: boolean) {
    const lot = lots(7);
    const from = now - DAYS * DAY;
    for (let index = 0; index < marks; index++) this.episodes.push(episode(index, from + lot() ** 0.8 * DAYS * DAY, now, lot));
    this.episodes.sort((one, other) => one.opened_at - other.opened_at);
    this.record(from, lot);
    for (const one of this.episodes.filter((_, index) => index % 40 === 0)) {
      const holds = [{ kind: "episode", id: one.episode_id }, ...(lot() < 0.2 ? [{ kind: "lock", id: "7" }] : [])] as Protected["holds"];
      this.protected.push({ start_ms: one.opened_at - MINUTE, end_ms: (one.closed_at ?? now) + MINUTE, holds });
    }
    for (let day = 0; day < 3; day++) {
      this.expirations.push({ expiration_id: String(day), start_ms: from + day * DAY, end_ms: from + (day + 0.8) * DAY, reason: "depth", delete_after_ms: now + HOUR });
    }
  }

  /** The API's answers; pages of episodes are whole. */
  readonly ask: Ask = async <T>(path: string, { query = {} }: Parameters<Ask>[1]) => {
    this.asked.push(path);
    return this.answer(path, query) as T;
  };

  private answer(path: string, query: Record<string, unknown>): unknown {
    if (query.media !== CAMERA && !path.includes(`/${CAMERA}/`)) return EMPTY;
    const [from, to] = [Number(query.from_ms ?? query.overlaps_from), Number(query.to_ms ?? query.overlaps_to)];
    const inside = <S extends Span>(spans: S[]): S[] => spans.filter((one) => one.start_ms < to && one.end_ms > from)
      .map((one) => ({ ...one, start_ms: Math.max(one.start_ms, from), end_ms: Math.min(one.end_ms, to) }));
    if (path.endsWith("/ranges")) return { recorded: inside(this.recorded), gaps: inside(this.gaps), protected: inside(this.protected) };
    if (path.endsWith("/activity")) return { episodes: this.counted ? this.counts(from, to, Number(query.step_ms)) : [0] };
    if (path === "/expirations") return { expirations: this.expirations.filter((one) => one.start_ms < to && one.end_ms > from) };
    const found = query.limit === 1 ? [] : this.episodes.filter((one) => one.opened_at < to && (one.closed_at ?? one.updated_at) > from);
    return { episodes: found, next: null, estimated_count: found.length };
  }

  private counts(from: number, to: number, step: number): number[] {
    const found = Array<number>(Math.ceil((to - from) / step)).fill(0);
    for (const one of this.episodes) if (one.opened_at >= from && one.opened_at < to) found[Math.floor((one.opened_at - from) / step)]! += 1;
    return found;
  }

  private record(from: number, lot: () => number): void {
    for (let at = from; at < this.now;) {
      const end = Math.min(at + (2 + lot() * 60) * HOUR, this.now - 4000);
      this.recorded.push({ start_ms: at, end_ms: end });
      const next = Math.min(end + (0.05 + lot() ** 3 * 12) * HOUR, this.now);
      if (next < this.now) this.gaps.push({ start_ms: end, end_ms: next, reason: REASONS[Math.floor(lot() * REASONS.length)]! });
      at = next;
    }
  }
}

function episode(index: number, at: number, now: number, lot: () => number): Episode {
  const start = Math.round(at);
  const end = Math.min(start + Math.round(2000 + lot() ** 4 * 20 * MINUTE), now);
  const type = TYPES[Math.floor(lot() * TYPES.length)]!;
  return {
    episode_id: String(10_000 + index), opened_at: start, updated_at: end, closed_at: end, episode_type: type, title: lot() < 0.5 ? `${type} ${index}` : "",
    originator: { source: SOURCES[Math.floor(lot() * SOURCES.length)]! },
  };
}
