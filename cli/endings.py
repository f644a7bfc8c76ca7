"""When something ends, as people type it."""

from api.written import length_ms
from infra.clock import now_ms
from producers.segments.ingest import parse_time


def ending(text: str) -> int:
    """A time as ms; or a length, which counts from now."""
    try:
        return parse_time(text)
    except ValueError as no_time:
        try:
            return now_ms() + length_ms(text)
        except ValueError:
            raise no_time from None
