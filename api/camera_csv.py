"""A CSV file of cameras → configurations, all or nothing. Every wrong cell is named by line and field."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from api import motion_text, written
from api.camera_config import FIELDS, BadConfig, IsGroup, any_group, configured
from api.csv_rows import Named, named_rows
from api.errors import BadFields, FieldError, bad_field
from schemas import media as media_names
from schemas.facts import MediaConfigured, MotionConfig
from schemas.protection import ProtectConfig

_OBJECTS = ("motion", "protect")
"""Fields whose settings have a column each, named after the field and the setting."""
_NAMED = Named("media", ("name",), media_names.normalise)


def read(
    text: bytes,
    stored: Callable[[list[str]], Mapping[str, MediaConfigured]],
    now_ms: int,
    changed_by: str,
    is_group: IsGroup = any_group,
) -> list[MediaConfigured]:
    """The configurations in the file, in its order. Raises BadConfig with the line of every mistake.

    The header names the columns: ``media`` (or ``name``) and any field of a camera; ``depth`` and ``keep`` take
    ``6h`` or ``30d``, ``quota`` takes ``500G``; how motion is sought, and what episodes keep, has a column for each
    setting. Several words in one cell are separated by ``|``. A column that is missing keeps what ``stored`` knows of
    the camera; an empty cell sets the default.
    """
    try:
        rows, errors = named_rows(text, _NAMED, _FORMS)
    except BadFields as error:
        raise BadConfig(error.errors) from None
    known = stored([name for _, name, _ in rows])
    facts = []
    for line, name, cells in rows:
        before = known.get(name)
        try:
            values = _merged(_kept(before), _values(cells))
            facts.append(configured(name, values, now_ms, changed_by, before, is_group=is_group))
        except BadConfig as error:
            errors += [_in_column(fault) | {"in": "csv", "line": line} for fault in error.errors]
    if errors:
        raise BadConfig(sorted(errors, key=lambda error: int(error["line"])))
    return facts


def _values(cells: dict[str, str]) -> dict[str, Any]:
    """Cells → typed values; an empty cell is the default of its field."""
    values: dict[str, Any] = {}
    errors = []
    objects: dict[str, dict[str, Any]] = {}
    for column, cell in cells.items():
        name, parse = _FORMS[column]
        whole = column.partition("_")[0]
        is_part = whole in _OBJECTS
        into, defaults = (objects.setdefault(whole, {}), _PARTS[whole]) if is_part else (values, _DEFAULTS)
        try:
            into[name] = parse(cell) if cell else defaults[name]
        except ValueError as error:
            errors.append(bad_field(column, str(error), "csv", line=0))
    if errors:
        raise BadConfig(errors)
    return values | objects


def _kept(before: MediaConfigured | None) -> dict[str, Any]:
    kept = {name: getattr(before, name) for name in FIELDS} if before else {}
    return kept | {name: msgspec.to_builtins(kept[name]) for name in _OBJECTS} if kept else {}


def _merged(kept: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """What the line says before what was known, also within each object."""
    return kept | said | {name: kept.get(name, {}) | said.get(name, {}) for name in _OBJECTS}


def _in_column(fault: FieldError) -> FieldError:
    return fault | {"field": _PART.sub(r"\1_", str(fault["field"]), count=1)}


_FORMS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "source": ("source", str), "title": ("title", str), "enabled": ("enabled", written.yes), "audio": ("audio", str),
    "depth_ms": ("depth_ms", written.whole), "depth": ("depth_ms", written.length_ms),
    "keep_ms": ("keep_ms", written.whole), "keep": ("keep_ms", written.length_ms),
    "quota_bytes": ("quota_bytes", written.whole), "quota": ("quota_bytes", written.size_bytes),
    "catch": ("catch", written.words), "labels": ("labels", written.words),
    "mail_login": ("mail_login", str), "mail_password": ("mail_password", str),
    "groups": ("groups", written.words), "folder": ("folder", str),
    "mail_aliases": ("mail_aliases", written.words), "time_zone": ("time_zone", str),
    **{f"motion_{name}": form for name, form in motion_text.FORMS.items()},
    "protect": ("enabled", written.yes), "protect_types": ("types", written.words),
    "protect_before_ms": ("before_ms", written.whole), "protect_before": ("before_ms", written.length_ms),
    "protect_after_ms": ("after_ms", written.whole), "protect_after": ("after_ms", written.length_ms),
}  # fmt: skip
"""Column → the field it sets, of the camera or of one of its objects, and how its cells are read."""
_DEFAULTS = {name: getattr(MediaConfigured(media="a", observed_ms=0), name) for name in FIELDS}
_PARTS = {
    name: {field: getattr(whole, field) for field in whole.__struct_fields__}
    for name, whole in (("motion", MotionConfig()), ("protect", ProtectConfig()))
}
_PART = re.compile(rf"^({'|'.join(_OBJECTS)})\.")
