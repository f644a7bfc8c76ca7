/** A form on its way: whether it is being sent, and what the server says is wrong with it. */

import { Problem } from "./api/request";
import { common } from "./common.words";

/** What is said of a number that was left empty, before anybody is asked. */
export const missing = (field: string): Problem => new Problem(422, "missing", common.needed, [{ field, rule: common.needed }]);

export class Sending {
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);

  /** Do the work. What the server refuses stays to be shown beside its fields; what is our mistake is thrown on. */
  async run(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.problem = null;
    try {
      await work();
    } catch (failed) {
      if (!(failed instanceof Problem)) throw failed;
      this.problem = failed;
    } finally {
      this.busy = false;
    }
  }

  /** What is said of one field; empty when nothing is. */
  of(field: string): string {
    const said = this.problem?.of(field) ?? "";
    return said && this.problem?.kind === "exists" ? common.exists : said;
  }
}
