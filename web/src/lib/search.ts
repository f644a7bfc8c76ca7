/** Finding by words, whatever their case and accents. */

/** Letters without case and accents: "Żółć" is "zolc". */
export const folded = (text: string): string =>
  text.toLowerCase().replaceAll("ł", "l").normalize("NFD").replace(/\p{Diacritic}/gu, "");

/** Those whose text has every word; all of them without a word. `text` of each is folded already. */
export function matching<T>(indexed: readonly { one: T; text: string }[], typed: string): T[] {
  const wanted = folded(typed).split(/\s+/).filter(Boolean);
  return indexed.filter(({ text }) => wanted.every((word) => text.includes(word))).map(({ one }) => one);
}
