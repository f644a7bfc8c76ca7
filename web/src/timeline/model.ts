/** What is known of one camera, ready to be drawn and asked: sorted spans, one lane per origin. */

import {
  type Content, type Counts, type Expiration, type Gap, HOLDS, type HoldKind, type Mark, NOTHING, ORIGINS, type Origin, type Protected, type Span,
} from "./content";
import { Sorted } from "./sorted";

/** Origins and types of episodes that are not shown, as `origin:alarm` and `type:face`. */
export type Hidden = ReadonlySet<string>;

/** What there is at a moment. */
export interface There {
  at: number; recorded: boolean; gap: Gap | null; marks: Mark[]; holds: Protected[]; expirations: Expiration[];
  /** Episodes opened around here, where they are only counted; else null. */
  count: number | null;
}

/** Footage younger than this says that a camera records. */
const EDGE_MS = 60_000;

export class Model {
  recorded!: Sorted<Span>;
  gaps!: Sorted<Gap>;
  protected!: Sorted<Protected>;
  /** Protected pieces by the kind of hold that matters most. */
  kept!: Record<HoldKind, Sorted<Protected>>;
  expirations!: Sorted<Expiration>;
  lanes!: Record<Origin, Sorted<Mark>>;
  counts: readonly Counts[] = [];
  /** Every type of episode there is, for the legend. */
  types: string[] = [];
  private content: Content = NOTHING;
  private hidden: Hidden = new Set();

  constructor(content: Content = NOTHING, hidden: Hidden = new Set()) {
    this.hidden = hidden;
    this.set(content);
  }

  /** Show this from now on; only what is another list than before is sorted anew. */
  set(content: Content): void {
    const before = this.recorded ? this.content : null;
    this.content = content;
    if (before?.recorded !== content.recorded) this.recorded = new Sorted(content.recorded);
    if (before?.gaps !== content.gaps) this.gaps = new Sorted(content.gaps);
    if (before?.protected !== content.protected) this.sortHolds();
    if (before?.expirations !== content.expirations) this.expirations = new Sorted(content.expirations);
    if (before?.marks !== content.marks) this.sortMarks();
    this.counts = content.counts;
  }

  hide(hidden: Hidden): void {
    this.hidden = hidden;
    this.sortMarks();
  }

  /** What there is at a moment; marks within `near` ms of it count, because they may be narrower than a pointer. */
  there(at: number, near = 0): There {
    return {
      at, recorded: this.recorded.at(at).length > 0, gap: this.gaps.at(at)[0] ?? null,
      marks: ORIGINS.flatMap((origin) => this.lanes[origin].at(at, near)),
      holds: this.protected.at(at), expirations: this.expirations.at(at), count: this.countAt(at),
    };
  }

  /** Where recording is right now; null: nothing came for a minute. */
  edge(now: number): number | null {
    const last = this.recorded.ends.at(-1);
    return last !== undefined && now - last < EDGE_MS ? last : null;
  }

  private countAt(at: number): number | null {
    const found = this.counts.find((one) => one.start_ms <= at && at < one.end_ms);
    return found ? found.episodes[Math.floor((at - found.start_ms) / found.step_ms)] ?? 0 : null;
  }

  private sortHolds(): void {
    this.protected = new Sorted(this.content.protected);
    const of = (kind: HoldKind): Sorted<Protected> => new Sorted(this.protected.items.filter((one) => strongest(one) === kind));
    this.kept = { lock: of("lock"), export: of("export"), episode: of("episode") };
  }

  private sortMarks(): void {
    const lanes: Record<Origin, Mark[]> = { motion: [], alarm: [], analytics: [], person: [] };
    const types = new Set<string>();
    for (const mark of this.content.marks) {
      types.add(mark.type);
      if (!this.hidden.size || !this.hidden.has(`type:${mark.type}`) && !this.hidden.has(`origin:${mark.origin}`)) lanes[mark.origin].push(mark);
    }
    this.types = [...types].sort();
    this.lanes = {
      motion: new Sorted(lanes.motion), alarm: new Sorted(lanes.alarm), analytics: new Sorted(lanes.analytics), person: new Sorted(lanes.person),
    };
  }
}

const strongest = (one: Protected): HoldKind => HOLDS.find((kind) => one.holds.some((hold) => hold.kind === kind)) ?? "episode";
