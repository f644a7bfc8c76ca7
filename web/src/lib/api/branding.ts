/** What this installation is called and how it looks; open, so that the login page can show it. */

import { ask } from "./request";

export interface Branding { title: string; colour: string; logo_url: string | null; oidc: { title: string; url: string } | null }

export const branding = (): Promise<Branding> => ask("/branding");

/** `logo` is a data: URL of a PNG or JPEG, null takes it away, left out keeps it. */
export const putBranding = (body: { title: string; colour: string; logo?: string | null }): Promise<Branding> =>
  ask("/branding", { method: "PUT", body });
