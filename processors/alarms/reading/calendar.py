"""The calendar in whole numbers: dates to milliseconds, without any clock."""

DAY_MS = 86_400_000
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
FIRST_YEAR, LAST_YEAR = 2000, 2099


def wall_ms(year: int, month: int, day: int, of_day_ms: int = 0) -> int | None:
    """A local date and time as if it were UTC ms; None when no calendar has it, or not in 2000 … 2099."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= days_of(year, month)):
        return None
    return _days(year, month, day) * DAY_MS + of_day_ms


def of_day_ms(hour: int, minute: int, second: int, millisecond: int = 0) -> int | None:
    """A time of day in ms; None when no clock shows it."""
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second <= 60):
        return None
    return ((hour * 60 + minute) * 60 + min(second, 59)) * 1000 + millisecond


def days_of(year: int, month: int) -> int:
    """How many days a month has."""
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and is_leap else _LENGTHS[month - 1]


def _days(year: int, month: int, day: int) -> int:
    """Days since 1970. Source: Howard Hinnant, days_from_civil."""
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468
