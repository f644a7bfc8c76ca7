/**
 * The page's languages. A folder's words are one object a language: `export const t = words({ save: "Save" }, { save: "Zapisz" })`.
 * A key that Polish lacks does not compile. Read `t.save` in markup, and it changes with the language.
 */

export const languages = { en: "English", pl: "Polski" } as const;
export type Language = keyof typeof languages;

/** A word, or a sentence made of what it is about. */
export type Words = Record<string, string | ((...about: never[]) => string)>;

/** Numbers in words: `other` always, `one`, `few` and `many` as the language needs; `#` is the number. */
export interface Forms { one?: string; few?: string; many?: string; other: string }

const KEY = "sightlog.language";

class Speech {
  language = $state<Language>("en");

  /** What the browser says and what was chosen in it before, in the order they count. */
  wishes(): readonly (string | null)[] {
    return [localStorage.getItem(KEY), ...navigator.languages];
  }

  /** Choose, and keep it in this browser. */
  keep(language: Language): void {
    localStorage.setItem(KEY, language);
    this.choose(language);
  }

  /** The reader's language: theirs by settings, else the browser's, else English. */
  choose(...wishes: readonly (string | null | undefined)[]): void {
    const short = wishes.map((one) => one?.slice(0, 2).toLowerCase());
    this.language = (short.find((one) => one && one in languages) as Language | undefined) ?? "en";
    if (typeof document !== "undefined") document.documentElement.lang = this.language;
  }
}

export const speech = new Speech();

/** The words of the language now chosen. */
export function words<T extends Words>(en: T, pl: NoInfer<T>): T {
  return new Proxy(en, { get: (_, key: string) => (speech.language === "pl" ? pl : en)[key] });
}

/** How the reader's country writes numbers and days: the browser's variant of the language, such as en-GB. */
export const locale = (): string =>
  (typeof navigator === "undefined" ? [] : navigator.languages).find((one) => one.toLowerCase().startsWith(speech.language)) ?? speech.language;

/** `n` of something: "1 camera", "5 kamer". */
export function plural(n: number, forms: Forms): string {
  const rule = new Intl.PluralRules(speech.language).select(n) as keyof Forms;
  return (forms[rule] ?? forms.other).replace("#", number(n));
}

export const number = (n: number, digits = 0): string =>
  new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(n);
