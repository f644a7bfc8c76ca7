/** The rights of a group, in the order people read them. */

import type { Right } from "../../lib/api/cameras";

export const rights: readonly Right[] = ["live", "archive", "export", "protect", "configure"];
