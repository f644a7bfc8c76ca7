/** Parts of the page that are fetched when they are first needed. */

import { Problem } from "./api/request";

/** What `load` imports. Throws Problem where it did not come: then it can be asked for again. */
export async function chunk<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    // Every browser says so in its own words, all of them with this one; what breaks inside of it is our mistake.
    if (!(error instanceof TypeError && /import/i.test(error.message))) throw error;
    throw new Problem(0, "no-connection", error.message);
  }
}
