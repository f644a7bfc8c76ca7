"""One value as people write it in a cell or behind an option → a number, a truth or words. Raises ValueError. Pure."""

import re
from decimal import Decimal

UNITS_MS = {"ms": 1, "s": 1000, "m": 60_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_BYTES = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_LENGTH = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,6})?)\s*([a-z]*)", re.ASCII)
_SHARE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,15})?|\.[0-9]{1,15})\s*(%?)", re.ASCII)
_ANSWERS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def length_ms(cell: str) -> int:
    """A length of time: ``6h``, ``1.5d``, ``90min``."""
    found = _LENGTH.fullmatch(cell.lower())
    if not found or found[2] not in UNITS_MS:
        raise ValueError(f"{cell!r} is not a length such as 6h, 30d or 90min")
    return round(Decimal(found[1]) * UNITS_MS[found[2]])


def size_bytes(cell: str) -> int:
    """A size in decimal units: ``500G``."""
    found = _LENGTH.fullmatch(cell.lower().removesuffix("b"))
    if not found or found[2] not in _BYTES:
        raise ValueError(f"{cell!r} is not a size such as 500G")
    return round(Decimal(found[1]) * _BYTES[found[2]])


def whole(cell: str) -> int:
    """A whole number of at most 18 digits."""
    if not cell.isascii() or not cell.isdigit() or len(cell) > 18:
        raise ValueError(f"{cell!r} is not a whole number")
    return int(cell)


def share(cell: str) -> float:
    """A part of a whole: ``0.001`` or ``0.1%``."""
    found = _SHARE.fullmatch(cell)
    if not found:
        raise ValueError(f"{cell!r} is not a share such as 0.001 or 0.1%")
    return float(found[1]) / (100 if found[2] else 1)


def yes(cell: str) -> bool:
    """``true``, ``yes`` or ``1``; ``false``, ``no`` or ``0``; in any case."""
    if cell.lower() not in _ANSWERS:
        raise ValueError(f"{cell!r} is neither true nor false")
    return _ANSWERS[cell.lower()]


def words(cell: str) -> tuple[str, ...]:
    """The words between ``|``, without the blanks around them."""
    return tuple(word.strip() for word in cell.split("|") if word.strip())
