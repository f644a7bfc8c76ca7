"""Times in bodies of requests that the tables are to keep."""

from typing import Any

from api import times
from projections.footage.reads import LAST_MS


def wrong_time(value: Any) -> str | None:
    """The rule that a time breaks; None: it is one, and a table can hold it."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return "must be UTC milliseconds or ISO 8601 with a zone"
    try:
        return None if times.parse(str(value)) <= LAST_MS else "is after the year 2299"
    except ValueError as error:
        return str(error)
