/** What frames cost, for tests and measurements. */

export interface Costs {
  /** Frames so far, and how often each layer was drawn for them. */
  frames: number; drawn: { ground: number; marks: number };
  /** ms of script of each of the last frames, oldest first. */
  ms: number[];
}

const KEPT = 1024;

/** The last of many figures, without making garbage. */
export class Recent {
  count = 0;
  private readonly values = new Float64Array(KEPT);

  add(value: number): void {
    this.values[this.count++ % KEPT] = value;
  }

  /** Oldest first. */
  get all(): number[] {
    const oldest = this.count < KEPT ? 0 : this.count % KEPT;
    return [...this.values.subarray(oldest, Math.min(this.count, KEPT)), ...this.values.subarray(0, oldest)];
  }
}
