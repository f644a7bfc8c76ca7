"""Times, lengths and sizes as sentences say them. Pure."""

from api.times import iso
from schemas.intervals import Span

_UNITS = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s"))
_SIZES = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))


def length(ms: int) -> str:
    """``2 d 3 h``, ``6 h``, ``40 s``, ``0.5 s``: the two largest units that are not nothing."""
    if ms < 1000:
        return f"{ms / 1000:g} s"
    parts = []
    for unit_ms, name in _UNITS:
        count, ms = divmod(ms, unit_ms)
        parts += [f"{count} {name}"] if count else []
    return " ".join(parts[:2])


def size(count: int) -> str:
    """``1.2 GB``; below a thousand: ``12 bytes``."""
    for unit, name in _SIZES:
        if count >= unit:
            return f"{count / unit:.1f} {name}"
    return f"{count} bytes"


def span(of: Span) -> str:
    """``2026-01-01T00:00:00.000Z to 2026-01-01T00:05:00.000Z``."""
    return f"{iso(of.start_ms)} to {iso(of.end_ms)}"
