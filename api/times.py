"""Times in requests: UTC milliseconds, or ISO 8601 with a zone for people who type."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query
from pydantic import BeforeValidator, WithJsonSchema

from api.errors import Problem, bad_field
from schemas.intervals import Span

MAX_MS = 253_402_300_799_999
"""9999-12-31T23:59:59.999Z."""
_RULE = "must be UTC milliseconds (an integer) or ISO 8601 with a zone, for example 2026-03-29T01:30:00Z"


def parse(text: object) -> int:
    """The time in ms; raises ValueError with the rule. An ISO time without a zone is refused, never guessed."""
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 15:
        return _in_range(int(text))
    try:
        told = datetime.fromisoformat(str(text).replace(" ", "+"))
    except ValueError:
        raise ValueError(_RULE) from None
    if told.tzinfo is None or not 1970 <= told.year < 9999:
        raise ValueError(_RULE)
    return _in_range((told.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // _MILLISECOND)


def iso(at_ms: int) -> str:
    """``2026-03-29T01:30:00.123Z``."""
    whole, ms = divmod(at_ms, 1000)
    return f"{datetime.fromtimestamp(whole, UTC):%Y-%m-%dT%H:%M:%S}.{ms:03d}Z"


def window(from_ms: int, to_ms: int) -> Span:
    """The half-open span asked for; 400 unless it has a length."""
    if from_ms >= to_ms:
        rule = "must be before to_ms"
        raise Problem(400, "bad-parameter", f"from_ms: {rule}", errors=[bad_field("from_ms", rule)])
    return Span(from_ms, to_ms)


def _in_range(at_ms: int) -> int:
    if not 0 <= at_ms <= MAX_MS:
        raise ValueError("must be between 1970 and 9999")
    return at_ms


_MILLISECOND = datetime.fromtimestamp(0.001, UTC) - datetime.fromtimestamp(0, UTC)
_SCHEMA = WithJsonSchema(
    {"type": "string", "examples": ["1774747800000", "2026-03-29T01:30:00Z"], "description": _RULE}
)

Time = Annotated[int, BeforeValidator(parse), _SCHEMA]
From = Annotated[Time, Query(description="Start of the window, included")]
To = Annotated[Time, Query(description="End of the window, not included")]
At = Annotated[Time, Query(description="The moment asked for")]
