/** Wall time in a zone, with its changes between summer and winter, and how times are written in a language. */

const QUARTER = 900_000;
const KEPT = 20_000;

/** One zone in one language; `name` undefined: the viewer's own. Formats are made once: they are dear. */
export class Zone {
  private readonly parts: Intl.DateTimeFormat;
  private readonly known = new Map<number, number>();
  private readonly formats: Record<"second" | "minute" | "weekday" | "day" | "date" | "month" | "year" | "full" | "name", Intl.DateTimeFormat>;

  constructor(readonly language?: string, readonly name?: string) {
    const made = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
      new Intl.DateTimeFormat(language, { hourCycle: "h23", timeZone: name, ...options });
    this.parts = new Intl.DateTimeFormat("en-US", {
      hourCycle: "h23", timeZone: name, year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
      second: "numeric", era: "short",
    });
    const clock = { hour: "2-digit", minute: "2-digit" } as const;
    const date = { weekday: "short", day: "numeric", month: "short" } as const;
    this.formats = {
      second: made({ ...clock, second: "2-digit" }), minute: made(clock), weekday: made({ weekday: "short" }), day: made({ day: "numeric" }),
      date: made({ ...date, year: "numeric" }), month: made({ month: "short", year: "numeric" }), year: made({ year: "numeric" }),
      full: made({ ...date, year: "numeric", ...clock, second: "2-digit" }), name: made({ timeZoneName: "short", hour: "numeric" }),
    };
  }

  /** ms that the zone is ahead of UTC at a moment. Zones change on quarters of an hour, so each quarter is asked about once. */
  offset(at: number): number {
    const quarter = Math.floor(at / QUARTER);
    let found = this.known.get(quarter);
    if (found === undefined) {
      if (this.known.size > KEPT) this.known.clear();
      this.known.set(quarter, found = this.asked(quarter * QUARTER));
    }
    return found;
  }

  /** The wall clock as if it were UTC, ms. */
  wall(at: number): number {
    return at + this.offset(at);
  }

  second(at: number): string {
    return this.formats.second.format(at);
  }

  minute(at: number): string {
    return this.formats.minute.format(at);
  }

  /** "Sun 22". */
  day(at: number): string {
    return `${this.formats.weekday.format(at)} ${this.formats.day.format(at)}`;
  }

  /** "Sun, Nov 22, 2026". */
  date(at: number): string {
    return this.formats.date.format(at);
  }

  month(at: number): string {
    return this.formats.month.format(at);
  }

  year(at: number): string {
    return this.formats.year.format(at);
  }

  /** Day and time to the second. */
  full(at: number): string {
    return this.formats.full.format(at);
  }

  /** What the zone is called at a moment: "CET". */
  title(at: number): string {
    return this.formats.name.formatToParts(at).find((one) => one.type === "timeZoneName")?.value ?? "";
  }

  private asked(at: number): number {
    const told: Record<string, string> = {};
    for (const one of this.parts.formatToParts(at)) told[one.type] = one.value;
    const { year, month, day, hour, minute, second } = told;
    const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
    return wall - Math.floor(at / 1000) * 1000;
  }
}
