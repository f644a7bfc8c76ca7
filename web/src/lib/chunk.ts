/** Parts of the page that are fetched when they are first needed. */

import { Problem } from "./api/request";

/** What `load` imports. Throws Problem where it did not come: then it can be asked for again. */
export async function chunk<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Problem(0, "no-connection", error.message);
  }
}
