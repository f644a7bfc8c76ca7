"""What is wrong with an object of a camera, such as ``motion``: every wrong field by its path, with its rule."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

import msgspec
from msgspec import Struct

from api.errors import FieldError, bad_field
from schemas.motion import DETECTORS, Hours, MotionConfig, Zone
from schemas.protection import ProtectConfig

_TOLD = re.compile(r"(?P<rule>.*?)(?: - at `\$(?P<place>.*)`)?", re.DOTALL)
_KINDS: Mapping[str, type[Struct]] = {"zones": Zone, "schedule": Hours}
"""Fields that hold a list of structs."""
_SEPARATORS = frozenset(":|")
"""They end a name where zones are typed."""
_LEAST_AREA = 1e-6
"""Of the picture. Anything smaller than a pixel is a line."""
Point = tuple[float, float]


OBJECTS: Mapping[str, type[Struct]] = {"motion": MotionConfig, "protect": ProtectConfig}
"""Fields of a camera that hold an object, and what it stands for."""


def faults(value: Any, path: str = "motion") -> list[FieldError]:
    """Everything wrong with ``value``, which stands for the object of that name; empty: nothing. Under another name
    (``settings`` of a run) it is how motion is sought."""
    return list(_struct(path, value, OBJECTS.get(path, MotionConfig)))


def _struct(path: str, value: Any, kind: type[Struct]) -> Iterator[FieldError]:
    if not isinstance(value, Mapping):
        yield bad_field(path, "must be an object", "body")
        return
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    for name, field in fields.items():
        if field.required and name not in value:
            yield bad_field(f"{path}.{name}", "is missing", "body")
    bad = False
    for name, given in value.items():
        if name not in fields:
            yield bad_field(f"{path}.{name}", f"is not known; known: {', '.join(fields)}", "body")
            continue
        for fault in _field(f"{path}.{name}", name, given, fields[name].type):
            bad = True
            yield fault
    if not bad:
        yield from _WHOLE[kind](path, value)


def _field(path: str, name: str, given: Any, kind: Any) -> Iterator[FieldError]:
    if name in _KINDS and isinstance(given, list | tuple):
        for index, item in enumerate(given):
            yield from _struct(f"{path}[{index}]", item, _KINDS[name])
    elif get_origin(kind) is Literal and given not in get_args(kind):
        yield bad_field(path, f"must be one of {', '.join(get_args(kind))}", "body")
        return
    elif name in _WORDS and isinstance(given, str):
        yield from (bad_field(path, rule, "body") for rule in _WORDS[name](given))
        return
    yield from _typed(path, given, kind)


def _typed(path: str, given: Any, kind: Any) -> Iterator[FieldError]:
    """What the type says, unless the items of a list of structs have said it already."""
    try:
        msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        told = _TOLD.fullmatch(str(error))
        assert told
        if not (told["place"] and path.rpartition(".")[2] in _KINDS):
            yield bad_field(path + (told["place"] or ""), told["rule"], "body")


def _name(name: str) -> Iterator[str]:
    if not 1 <= len(name) <= 64:
        yield "must have 1 to 64 characters"
    elif not name.isprintable() or name != name.strip() or _SEPARATORS & set(name):
        yield "must have no blanks around it, no control characters, no : and no |"


def _detector(name: str) -> Iterator[str]:
    if name not in DETECTORS:
        yield f"{name!r} is not known; known: {', '.join(DETECTORS)}"


def _clock(text: str) -> Iterator[str]:
    try:
        msgspec.convert({"starts": text}, Hours)
    except msgspec.ValidationError:
        yield f"{text!r} is not a time of day; write HH:MM, 00:00 to 24:00"


_WORDS: Mapping[str, Callable[[str], Iterator[str]]] = {
    "name": _name, "detector": _detector, "starts": _clock, "ends": _clock,
}  # fmt: skip
"""Fields whose type would say what is wrong with them in no words of ours."""


def _config(path: str, value: Mapping[str, Any]) -> Iterator[FieldError]:
    names = Counter(str(zone["name"]) for zone in value.get("zones", ()))
    for index, zone in enumerate(value.get("zones", ())):
        if names[zone["name"]] > 1:
            yield bad_field(f"{path}.zones[{index}].name", f"{zone['name']!r} is the name of another zone too", "body")


def _zone(path: str, value: Mapping[str, Any]) -> Iterator[FieldError]:
    if "polygon" in value and _area(value["polygon"]) < _LEAST_AREA:
        yield bad_field(f"{path}.polygon", "encloses nothing", "body")
    for name in ("sensitivity", "min_area"):
        if value.get("kind") == "mask" and value.get(name) is not None:
            yield bad_field(f"{path}.{name}", "is for zones that are watched; a mask has none", "body")


def _hours(path: str, value: Mapping[str, Any]) -> Iterator[FieldError]:
    starts, ends = value.get("starts", "00:00"), value.get("ends", "24:00")
    if not value.get("days", True):
        yield bad_field(f"{path}.days", "names no day; leave it out for every day", "body")
    if starts == "24:00":
        yield bad_field(f"{path}.starts", "is an end; a day starts at 00:00", "body")
    elif starts == ends:
        yield bad_field(f"{path}.ends", "is when it starts; a whole day is 00:00 to 24:00", "body")


_WHOLE: Mapping[type[Struct], Callable[[str, Mapping[str, Any]], Iterator[FieldError]]] = {
    MotionConfig: _config, Zone: _zone, Hours: _hours, ProtectConfig: lambda _path, _value: iter(()),
}  # fmt: skip
"""Struct → the rules about several of its fields, which are asked when each is right by itself."""


def _area(polygon: list[Point]) -> float:
    """What the sides enclose, as a share of the picture; 0 where they only go to and fro."""
    sides = zip(polygon, [*polygon[1:], *polygon[:1]], strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in sides)) / 2
