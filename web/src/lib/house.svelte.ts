/** What this installation is called and looks like. */

import { type Branding, branding } from "./api/branding";
import { Problem } from "./api/request";
import { theme } from "./theme.svelte";

const OURS: Branding = { title: "Sightlog", colour: "", logo_url: null, oidc: null };

class House {
  now = $state.raw<Branding>(OURS);

  /** Read it; what cannot be read leaves the page as it is. */
  async start(): Promise<void> {
    try {
      this.use(await branding());
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }

  use(given: Branding): void {
    this.now = { ...given, title: given.title || OURS.title };
    theme.brand(given.colour);
    document.title = this.now.title;
  }
}

export const house = new House();
