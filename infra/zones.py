"""Local times of the world's zones, from the machine's tables, else from those that come with us."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_EPOCH = datetime(1970, 1, 1)


def is_zone(name: str) -> bool:
    """True for the name of a zone that is known here, ``Europe/Warsaw`` for example."""
    return _zone(name) is not None


def utc_ms(zone: str, local_ms: int) -> int:
    """UTC ms of a wall clock's time, given as if it were UTC ms. A zone that is not known counts as UTC.

    An hour that the clock shows twice is the first of them; one that it skips is read as if it had not.
    """
    found = _zone(zone)
    if found is None:
        return local_ms
    try:
        local = (_EPOCH + timedelta(milliseconds=local_ms)).replace(tzinfo=found)
        offset = local.utcoffset() or timedelta()
    except OverflowError:  # beyond year 9999: no zone has rules for it
        return local_ms
    return local_ms - round(offset / timedelta(milliseconds=1))


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # no such table; no name of a table; the name of a folder
        return None
