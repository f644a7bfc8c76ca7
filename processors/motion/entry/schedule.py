"""When motion is sought: the hours of a week, by a camera's own clock. Pure."""

from collections.abc import Callable, Sequence

from schemas.intervals import Span
from schemas.motion import Hours

_DAY_MS, _MINUTE_MS = 86_400_000, 60_000
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FIRST = _DAYS.index("thu")
"""1 January 1970."""


def is_sought(schedule: Sequence[Hours], span: Span, to_utc_ms: Callable[[int], int]) -> bool:
    """True where any moment of the span lies in these hours; an empty schedule is always.

    ``to_utc_ms``: the camera's own clock, given as if it were UTC, to UTC.
    """
    return not schedule or any(
        to_utc_ms(starts_ms) < span.end_ms and to_utc_ms(ends_ms) > span.start_ms
        for day in range(span.start_ms // _DAY_MS - 2, (span.end_ms - 1) // _DAY_MS + 2)
        for hours in schedule
        if _DAYS[(day + _FIRST) % 7] in hours.days
        for starts_ms, ends_ms in [_local(hours, day)]
    )


def _local(hours: Hours, day: int) -> tuple[int, int]:
    """When these hours of that day begin and end, by a clock without a zone."""
    starts, ends = _minutes(hours.starts), _minutes(hours.ends)
    if ends <= starts:
        ends += 24 * 60
    return day * _DAY_MS + starts * _MINUTE_MS, day * _DAY_MS + ends * _MINUTE_MS


def _minutes(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)
