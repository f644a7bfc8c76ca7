"""The fields of a body → what is wrong with them, every one by its name. Pure."""

from collections.abc import Mapping
from typing import Any

import msgspec

from api.errors import FieldError, Problem, bad_field


def require(values: Mapping[str, Any], known: Mapping[str, Any], noun: str, needed: tuple[str, ...] = ()) -> None:
    """Pass, or 422 naming every field that is unknown, missing or not of its type."""
    if errors := wrong(values, known, noun, needed):
        raise refused(errors)


def wrong(
    values: Mapping[str, Any], known: Mapping[str, Any], noun: str, needed: tuple[str, ...] = ()
) -> list[FieldError]:
    """What is wrong with ``values``; ``known``: name → type."""
    errors = [bad_field(name, "is missing", "body") for name in needed if name not in values]
    for name, value in values.items():
        if name not in known:
            rule = f"not a field of a {noun}; known: {', '.join(known)}"
        else:
            rule = _fault(value, known[name])
        if rule:
            errors.append(bad_field(name, rule, "body"))
    return errors


def refused(errors: list[FieldError]) -> Problem:
    """422 with the fields that are to blame."""
    return Problem(422, "bad-fields", "; ".join(f"{one['field']}: {one['rule']}" for one in errors), errors=errors)


def _fault(value: Any, kind: Any) -> str:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        return str(error)
    return ""


def types_of(fact: type[msgspec.Struct], names: tuple[str, ...]) -> dict[str, Any]:
    """Name → type of some fields of a fact."""
    found = {field.name: field.type for field in msgspec.structs.fields(fact)}
    return {name: found[name] for name in names}
