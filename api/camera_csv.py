"""A CSV file of cameras → configurations, all or nothing. Every wrong cell is named by line and field."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from api import motion_text, written
from api.camera_config import FIELDS, BadConfig, configured
from api.errors import FieldError, bad_field
from schemas import media as media_names
from schemas.facts import MediaConfigured, MotionConfig
from schemas.protection import ProtectConfig

MAX_ROWS = 20_000
_OBJECTS = ("motion", "protect")
"""Fields whose settings have a column each, named after the field and the setting."""
_NAME_COLUMNS = ("media", "name")


def read(
    text: bytes, stored: Callable[[list[str]], Mapping[str, MediaConfigured]], now_ms: int, changed_by: str
) -> list[MediaConfigured]:
    """The configurations in the file, in its order. Raises BadConfig with the line of every mistake.

    The header names the columns: ``media`` (or ``name``) and any field of a camera; ``depth`` and ``keep`` take
    ``6h`` or ``30d``, ``quota`` takes ``500G``; how motion is sought, and what episodes keep, has a column for each
    setting. Several words in one cell are separated by ``|``. A column that is missing keeps what ``stored`` knows of
    the camera; an empty cell sets the default.
    """
    rows, errors = _named_rows(text)
    known = stored([name for _, name, _ in rows])
    facts = []
    for line, name, cells in rows:
        before = known.get(name)
        try:
            facts.append(configured(name, _merged(_kept(before), _values(cells)), now_ms, changed_by, before))
        except BadConfig as error:
            errors += [_in_column(fault) | {"in": "csv", "line": line} for fault in error.errors]
    if errors:
        raise BadConfig(sorted(errors, key=lambda error: int(error["line"])))
    return facts


def _named_rows(text: bytes) -> tuple[list[tuple[int, str, dict[str, str]]], list[FieldError]]:
    lines = list(_lines(text))
    if not lines:
        raise BadConfig([_at(1, "media", "the file is empty; its first line names the columns")])
    header, *rest = lines
    columns = _columns(*header)
    named, errors, seen = [], [], dict[str, int]()
    for line, cells in rest:
        try:
            name, values = _row(columns, cells)
            if name in seen:
                raise ValueError(f"{name!r} is also on line {seen[name]}")
            seen[name] = line
            named.append((line, name, values))
        except ValueError as error:
            errors.append(_at(line, "media", str(error)))
    return named, errors


def _lines(text: bytes) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of every line that is not blank."""
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text[: error.start].count(b"\n") + 1
        raise BadConfig([_at(line, "media", "the file is not UTF-8")]) from None
    first = decoded.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in cells]
            if reader.line_num > MAX_ROWS:
                raise BadConfig([_at(reader.line_num, "media", f"more than {MAX_ROWS} lines; split the file")])
    except csv.Error as error:
        raise BadConfig([_at(reader.line_num, "media", f"not CSV: {error}")]) from None


def _columns(line: int, header: list[str]) -> list[str]:
    names = [cell.lower() for cell in header]
    names = ["media" if name in _NAME_COLUMNS else name for name in names]
    unknown = [name for name in names if name != "media" and name not in _FORMS]
    errors = [_at(line, name or "(empty)", f"not a column; known: media, {', '.join(_FORMS)}") for name in unknown]
    errors += [_at(line, name, "is given twice") for name in set(names) if names.count(name) > 1]
    if "media" not in names:
        errors.append(_at(line, "media", "this column is missing"))
    if errors:
        raise BadConfig(errors)
    return names


def _row(columns: list[str], cells: list[str]) -> tuple[str, dict[str, str]]:
    if len(cells) > len(columns):
        raise ValueError(f"{len(cells)} cells for {len(columns)} columns; quote cells that hold the delimiter")
    values = dict(zip(columns, cells + [""] * (len(columns) - len(cells)), strict=True))
    return media_names.normalise(values.pop("media")), values


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
            errors.append(_at(0, column, str(error)))
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


def _at(line: int, field: str, rule: str) -> FieldError:
    return bad_field(field, rule, "csv", line=line)


_FORMS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "source": ("source", str), "title": ("title", str), "enabled": ("enabled", written.yes), "audio": ("audio", str),
    "depth_ms": ("depth_ms", written.whole), "depth": ("depth_ms", written.length_ms),
    "keep_ms": ("keep_ms", written.whole), "keep": ("keep_ms", written.length_ms),
    "quota_bytes": ("quota_bytes", written.whole), "quota": ("quota_bytes", written.size_bytes),
    "catch": ("catch", written.words), "labels": ("labels", written.words),
    "mail_login": ("mail_login", str), "mail_password": ("mail_password", str),
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
