/** How fast footage is watched. */

export const SPEEDS = [0.5, 1, 2, 4, 8] as const;
/** The keys 1 to 8 mean these. */
export const BY_KEY: Readonly<Record<string, number>> = { 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7, 8: 8 };
/** Sound is dropped where it is only noise. */
export const isSilent = (rate: number): boolean => rate > 4;
/** From here on the player is held to its pace. */
export const isFast = (rate: number): boolean => rate >= 4;
