"""Times as cameras write them, found in words: digits, separators, month names, halves of days, zones."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from processors.alarms.reading import calendar

_MONTHS = {
    1: "january jan januar janvier enero ene janeiro gennaio gen januari styczeń stycznia sty январь января янв",
    2: "february feb februar février fév fevrier febrero fevereiro fev febbraio februari luty lutego lut февраль "
    "февраля фев",
    3: "march mar märz mär maerz mrz mars marzo março marco maart mrt marzec marca март марта мар",
    4: "april apr avril avr abril abr aprile kwiecień kwietnia kwi апрель апреля апр",
    5: "may mai mayo maio maggio mag mei maj maja май мая",
    6: "june jun juni juin junio junho giugno giu czerwiec czerwca cze июнь июня июн",
    7: "july jul juli juillet juil julio julho luglio lug lipiec lipca lip июль июля июл",
    8: "august aug août aout agosto ago augustus sierpień sierpnia sie август августа авг",
    9: "september sep sept septembre septiembre setembro set settembre wrzesień września wrz сентябрь сентября сен",
    10: "october oct oktober okt octobre octubre outubro out ottobre ott październik października paź октябрь октября "
    "окт",
    11: "november nov novembre noviembre novembro listopad listopada lis ноябрь ноября ноя",
    12: "december dec dezember dez décembre déc diciembre dic dezembro dicembre grudzień grudnia gru декабрь декабря "
    "дек",
}
_MONTH_OF = {name: month for month, known in _MONTHS.items() for name in known.split()}
_DATE = re.compile(
    r"""(?<![\d.])(?:
        (?P<y1>20\d\d)[-/._年]\ ?(?P<m1>\d{1,2})[-/._月]\ ?(?P<d1>\d{1,2})(?!\d)日?
      | (?P<glued>20\d{6})(?:[-_ T]?(?P<clock>[0-2]\d[0-5]\d[0-5]\d)(?P<milli>\d{3})?)?(?!\d)
      | (?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<y2>20\d\d|\d\d)(?![\d:]|\.\d)
      | (?P<d3>\d{1,2})(?:st|nd|rd|th|\.)?[-/ .,]{0,2}(?:de\ |of\ )?(?P<n3>[^\W\d_]{3,12})[-/ .,]{1,3}(?:de\ )?
        (?P<y3>20\d\d|\d\d(?=[\s,]))
      )
      | (?<![^\W\d_])(?P<n4>[^\W\d_]{3,12})[-/ .]{1,2}(?P<d4>\d{1,2})(?:st|nd|rd|th)?[-/ ,]{1,3}
        (?P<y4>20\d\d|\d\d)(?!\d)
    """,
    re.X | re.I,
)
_CTIME = re.compile(r"\b([^\W\d_]{3,9}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) (?:[A-Z]{3,4} )?(20\d\d)\b")
"""``May 22 14:52:18 2026``, as C libraries write it."""
_CLOCK = re.compile(
    r"""(?<![\d:])(?P<half1>[上下]午)?\ ?(?P<h>\d{1,2})[:.hч时](?P<m>\d{1,2})
        (?:(?:[:.m分]|min)(?P<s>\d{1,2})[s秒]?(?:[.,:](?P<ms>\d{1,3})\d{0,3})?)?(?![\d:])(?:\s?(?P<half2>[ap])\.?m\b\.?)?
        (?P<zone>\s?\(?(?:(?:UTC|GMT)\s?(?P<gh>[+-]\d{1,2})(?::?(?P<gm>\d{2}))?|(?P<oh>[+-]\d{2}):?(?P<om>\d{2})(?!\d)
        |(?P<utc>UTC|GMT|Z)(?![a-z+-])))?""",
    re.X | re.I,
)
_NEAR = 24
"""Characters that may stand between a date and its time of day."""
_ZONE = re.compile(r"(?:UTC|GMT)?\s?([+-])(\d{1,2}):?(\d{2})?(?!\d)", re.I)


class Stamp(NamedTuple):
    """One time as a mail writes it, in the clock of whoever wrote it."""

    wall_ms: int
    """As if it were UTC."""
    other_ms: int | None
    """The other reading, where day and month cannot be told apart."""
    offset_min: int | None
    """The zone that stands beside it."""


_Days = tuple[int, int | None]
"""(ms of a day, ms of the other day that the digits may mean)."""


class _Clock(NamedTuple):
    of_day_ms: int
    offset_min: int | None
    has_half: bool = False


def find(text: str, order: str = "") -> Iterator[Stamp]:
    """The dates with a time of day in ``text``. ``order``: ``dmy``, ``mdy`` or ``ymd`` where a label says it."""
    text = _CTIME.sub(r"\1 \2 \4 \3", text)
    for date, days in _dates(text, order):
        if clock := _glued_clock(date) or _clock_near(text, date):
            yield _stamp(days, clock)


def joined(date: str, clock: str, order: str = "") -> Stamp | None:
    """The time that a date and a time of day make that stand under two labels."""
    of_day = _clock_of(_CLOCK.search(clock))
    days = next((days for _, days in _dates(date, order)), None)
    return _stamp(days, of_day) if days and of_day else None


def offset(zone: str) -> int | None:
    """Minutes east of UTC in ``zone`` as written, such as ``GMT+08:00``; None: none."""
    if found := _ZONE.search(zone):
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        return (-minutes if found[1] == "-" else minutes) if minutes <= 14 * 60 else None
    return 0 if zone.strip().upper() in ("UTC", "GMT", "Z") else None


def order_of(label: str) -> str:
    """``dmy``, ``mdy`` or ``ymd`` where a label spells its order: ``Alarm Start Time(D/M/Y H:M:S)``; else nothing."""
    found = re.search(
        r"\b(d{1,2}|m{1,4}|y{1,4})[-/. ](d{1,2}|m{1,4}|y{1,4})[-/. ](d{1,2}|y{1,4}|m{1,4})\b", label.lower()
    )
    order = "".join(part[0] for part in found.groups()) if found else ""
    return order if order in ("dmy", "mdy", "ymd") else ""


def _dates(text: str, order: str) -> Iterator[tuple["re.Match[str]", _Days]]:
    """Every date that a calendar has. What only looked like one may hide one: the search goes on inside it."""
    at = 0
    while found := _DATE.search(text, at):
        days = _days(found, order)
        at = found.end() if days else found.end("n4") if found["n4"] else found.start() + 1
        if days:
            yield found, days


def _stamp(days: _Days, clock: _Clock) -> Stamp:
    first, second = days
    if second is not None and clock.has_half:  # who writes AM and PM writes the month first
        first, second = second, first
    other_ms = None if second is None else second + clock.of_day_ms
    return Stamp(first + clock.of_day_ms, other_ms, clock.offset_min)


def _days(date: "re.Match[str]", order: str) -> _Days | None:
    """The day that a date means; None: no calendar has it."""
    if date["y1"]:
        found = calendar.wall_ms(int(date["y1"]), int(date["m1"]), int(date["d1"]))
    elif glued := date["glued"]:
        found = calendar.wall_ms(int(glued[:4]), int(glued[4:6]), int(glued[6:8]))
    elif date["a"]:
        dotted = "dmy" if date["sep"] == "." else ""  # nobody writes the month first with dots
        return _two_numbers(int(date["a"]), int(date["b"]), date["y2"], order or dotted)
    else:
        month = _MONTH_OF.get((date["n3"] or date["n4"]).lower())
        year = _year(date["y3"] or date["y4"])
        found = calendar.wall_ms(year, month, int(date["d3"] or date["d4"])) if month else None
    return None if found is None else (found, None)


def _two_numbers(a: int, b: int, year: str, order: str) -> _Days | None:
    """Day and month in the order that is said, else both ways, day first."""
    if order == "ymd":
        found = calendar.wall_ms(2000 + a, b, int(year)) if len(year) == 2 else None
        return None if found is None else (found, None)
    day_first, month_first = calendar.wall_ms(_year(year), b, a), calendar.wall_ms(_year(year), a, b)
    first, second = (month_first, day_first) if order == "mdy" else (day_first, month_first)
    if order:
        return None if first is None else (first, None)
    if first is None or second is None or first == second:
        only = second if first is None else first
        return None if only is None else (only, None)
    return first, second


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _glued_clock(date: "re.Match[str]") -> _Clock | None:
    if not (digits := date["clock"]):
        return None
    of_day = calendar.of_day_ms(int(digits[:2]), int(digits[2:4]), int(digits[4:]), int(date["milli"] or 0))
    return None if of_day is None else _Clock(of_day, None)


def _clock_near(text: str, date: "re.Match[str]") -> _Clock | None:
    """The time of day right behind a date, else right before it, with no other digits between."""
    behind = _CLOCK.search(text, date.end(), date.end() + _NEAR + 40)
    if behind and behind.start() - date.end() <= _NEAR and not _has_digit(text[date.end() : behind.start()]):
        return _clock_of(behind)
    for before in reversed(list(_CLOCK.finditer(text, max(date.start() - _NEAR - 16, 0), date.start()))):
        if not _has_digit(text[before.end() : date.start()]):
            return _clock_of(before)
    return None


def _has_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _clock_of(found: "re.Match[str] | None") -> _Clock | None:
    if found is None:
        return None
    hour = int(found["h"])
    half = (found["half2"] or "").lower() or {"上午": "a", "下午": "p"}.get(found["half1"] or "", "")
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    milliseconds = int((found["ms"] or "0").ljust(3, "0"))
    of_day = calendar.of_day_ms(hour, int(found["m"]), int(found["s"] or 0), milliseconds)
    return None if of_day is None else _Clock(of_day, _offset_of(found), found["half2"] is not None)


def _offset_of(found: "re.Match[str]") -> int | None:
    if found["utc"]:
        return 0
    hours, minutes = found["gh"] or found["oh"], found["gm"] or found["om"] or "0"
    if not hours or (found["oh"] == "-00" and minutes == "00"):  # -0000: the writer does not know its zone
        return None
    east = abs(int(hours)) * 60 + int(minutes)
    return None if east > 14 * 60 else -east if hours.startswith("-") else east
