"""How motion is sought, as people type it in a cell or behind an option, and back again. Pure.

A zone is ``NAME:x,y x,y x,y``, then what is its own: ``mask``, ``sensitivity=70``, ``min_area=0.2%``. A part of the
week is ``mon-fri 08:00-18:00``; without days it is every day. Several are separated by ``|``.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

from api import written
from schemas.motion import Day, Hours, MotionConfig, Zone

_DAYS: tuple[str, ...] = get_args(Day)
_POINT = "x,y x,y x,y, shares of the picture from its top left corner"


def zones(text: str) -> list[dict[str, Any]]:
    """Zones as they stand in JSON; whether they make sense is judged elsewhere. Raises ValueError."""
    return [_zone(one) for one in written.words(text)]


def hours(text: str) -> list[dict[str, Any]]:
    """Parts of the week as they stand in JSON. Raises ValueError."""
    return [_hours(one) for one in written.words(text)]


FORMS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "enabled": ("enabled", written.yes), "profile": ("profile", str), "detector": ("detector", str),
    "sensitivity": ("sensitivity", written.whole), "min_area": ("min_area", written.share),
    "min_ms": ("min_ms", written.whole), "min": ("min_ms", written.length_ms),
    "join_ms": ("join_ms", written.whole), "join": ("join_ms", written.length_ms),
    "zones": ("zones", zones), "schedule": ("schedule", hours),
}  # fmt: skip
"""Name as typed → the field it sets and how its text is read."""


def read(name: str, text: str) -> tuple[str, Any]:
    """(field, value) of one setting as typed; an empty text is the field's default. Raises ValueError."""
    if name not in FORMS:
        raise ValueError(f"{name!r} is no setting of motion; known: {', '.join(FORMS)}")
    field, parse = FORMS[name]
    return field, parse(text) if text else getattr(MotionConfig(), field)


def shown(config: MotionConfig) -> Iterator[tuple[str, str]]:
    """(name, text) of every setting, in words that ``read`` takes."""
    yield "enabled", "yes" if config.enabled else "no"
    yield "profile", config.profile
    yield "detector", config.detector
    yield "sensitivity", str(config.sensitivity)
    yield "min_area", _share(config.min_area)
    yield "min", f"{config.min_ms}ms"
    yield "join", f"{config.join_ms}ms"
    yield "zones", "|".join(_zone_text(zone) for zone in config.zones)
    yield "schedule", "|".join(_hours_text(part) for part in config.schedule)


def _zone(text: str) -> dict[str, Any]:
    name, mark, rest = text.partition(":")
    if not mark or not name.strip():
        raise ValueError(f"{text!r} is not a zone; write NAME:{_POINT}")
    zone: dict[str, Any] = {"name": name.strip(), "polygon": []}
    for word in rest.split():
        key, assigned, value = word.partition("=")
        if word == "mask":
            zone["kind"] = word
        elif assigned and key == "sensitivity":
            zone[key] = written.whole(value)
        elif assigned and key == "min_area":
            zone[key] = written.share(value)
        else:
            zone["polygon"].append(_point(word))
    return zone


def _point(word: str) -> list[float]:
    try:
        return [written.share(part) for part in word.split(",")]
    except ValueError:
        raise ValueError(f"{word!r} is not a point; a zone is NAME:{_POINT}") from None


def _hours(text: str) -> dict[str, Any]:
    *named, clock = text.split()
    starts, mark, ends = clock.partition("-")
    if not mark or len(named) > 1:
        raise ValueError(f"{text!r} is not a part of the week; write mon-fri 08:00-18:00, or 22:00-06:00 for every day")
    return {"starts": starts, "ends": ends} | ({"days": _days(named[0])} if named else {})


def _days(text: str) -> list[str]:
    found: list[str] = []
    for part in text.lower().split(","):
        first, mark, last = part.partition("-")
        if first not in _DAYS or (mark and last not in _DAYS):
            raise ValueError(f"{part!r} is no day; write {', '.join(_DAYS)}, or mon-fri")
        begin = _DAYS.index(first)
        count = (_DAYS.index(last) - begin) % len(_DAYS) + 1 if mark else 1
        found += [_DAYS[(begin + step) % len(_DAYS)] for step in range(count)]
    return found


def _share(value: float) -> str:
    return f"{value:.15f}".rstrip("0").rstrip(".") if value else "0"


def _zone_text(zone: Zone) -> str:
    words = [",".join(_share(part) for part in point) for point in zone.polygon]
    if zone.kind == "mask":
        words.append("mask")
    if zone.sensitivity is not None:
        words.append(f"sensitivity={zone.sensitivity}")
    if zone.min_area is not None:
        words.append(f"min_area={_share(zone.min_area)}")
    return f"{zone.name}:{' '.join(words)}"


def _hours_text(part: Hours) -> str:
    clock = f"{part.starts}-{part.ends}"
    return clock if part.days == _DAYS else f"{','.join(part.days)} {clock}"
