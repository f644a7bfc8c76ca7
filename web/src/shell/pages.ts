/** The pages: how each is loaded, drawn in the navigation, and who sees it. */

import type { Component } from "svelte";
import type { Me } from "../lib/api/people";
import type { PageName } from "../lib/router.svelte";
import type { IconName } from "../parts/icons";

export interface PageEntry {
  load: () => Promise<{ default: Component }>;
  icon: IconName;
  /** Whether it is for these people; each page still asks the server, which decides. */
  allowed: (who: Me) => boolean;
}

const isPerson = (who: Me): boolean => who.via !== "share";

export const entries: Record<PageName, PageEntry> = {
  archive: { load: () => import("../pages/archive/Page.svelte"), icon: "archive", allowed: (who) => isPerson(who) && who.may.archive },
  review: { load: () => import("../pages/review/Page.svelte"), icon: "review", allowed: (who) => isPerson(who) && who.may.archive },
  live: { load: () => import("../pages/live/Page.svelte"), icon: "live", allowed: (who) => isPerson(who) && who.may.live },
  cameras: { load: () => import("../pages/cameras/Page.svelte"), icon: "camera", allowed: isPerson },
  storage: { load: () => import("../pages/storage/Page.svelte"), icon: "storage", allowed: (who) => isPerson(who) && (who.admin || who.may.archive) },
  system: { load: () => import("../pages/system/Page.svelte"), icon: "system", allowed: (who) => who.admin },
  data: { load: () => import("../pages/data/Page.svelte"), icon: "data", allowed: isPerson },
  users: { load: () => import("../pages/users/Page.svelte"), icon: "users", allowed: (who) => who.admin },
  settings: { load: () => import("../pages/settings/Page.svelte"), icon: "settings", allowed: isPerson },
  shared: { load: () => import("../pages/shared/Page.svelte"), icon: "share", allowed: (who) => who.via === "share" },
  login: { load: () => import("../pages/login/Page.svelte"), icon: "person", allowed: () => false },
};

/** Those of the navigation, in its order; the first four stand in the bar of small screens. */
export const listed: readonly PageName[] = ["archive", "review", "live", "cameras", "storage", "system", "data", "users", "settings"];
export const IN_BAR = 4;

/** What the navigation shows these people. */
export const shownTo = (who: Me): PageName[] => listed.filter((one) => entries[one].allowed(who));
