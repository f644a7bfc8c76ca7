"""A CSV file of cameras → configurations, all or nothing. Every wrong cell is named by line and field."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from api.camera_config import FIELDS, BadConfig, configured
from api.errors import FieldError, bad_field
from schemas import media as media_names
from schemas.facts import MediaConfigured

MAX_ROWS = 20_000
_NAME_COLUMNS = ("media", "name")
_UNITS_MS = {"ms": 1, "s": 1000, "m": 60_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_BYTES = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_LENGTH = re.compile(r"([0-9]{1,15})\s*([a-z]*)", re.ASCII)


def read(
    text: bytes, stored: Callable[[list[str]], Mapping[str, MediaConfigured]], now_ms: int, changed_by: str
) -> list[MediaConfigured]:
    """The configurations in the file, in its order. Raises BadConfig with the line of every mistake.

    The header names the columns: ``media`` (or ``name``) and any field of a camera; ``depth`` and ``keep`` take
    ``6h`` or ``30d``, ``quota`` takes ``500G``. Several words in one cell are separated by ``|``. A column that is
    missing keeps what ``stored`` knows of the camera; an empty cell sets the default.
    """
    rows, errors = _named_rows(text)
    known = stored([name for _, name, _ in rows])
    facts = []
    for line, name, cells in rows:
        before = known.get(name)
        try:
            values = _kept(before) | _values(cells)
            facts.append(configured(name, values, now_ms, changed_by, before))
        except BadConfig as error:
            errors += [fault | {"in": "csv", "line": line} for fault in error.errors]
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
    for column, cell in cells.items():
        name, parse = _FORMS[column]
        try:
            values[name] = parse(cell) if cell else _DEFAULTS[name]
        except ValueError as error:
            errors.append(_at(0, column, str(error)))
    if errors:
        raise BadConfig(errors)
    return values


def _kept(before: MediaConfigured | None) -> dict[str, Any]:
    return {name: getattr(before, name) for name in FIELDS} if before else {}


def _at(line: int, field: str, rule: str) -> FieldError:
    return bad_field(field, rule, "csv", line=line)


def _length_ms(cell: str) -> int:
    found = _LENGTH.fullmatch(cell.lower())
    if not found or found[2] not in _UNITS_MS:
        raise ValueError(f"{cell!r} is not a length such as 6h, 30d or 90min")
    return int(found[1]) * _UNITS_MS[found[2]]


def _size_bytes(cell: str) -> int:
    found = _LENGTH.fullmatch(cell.lower().removesuffix("b"))
    if not found or found[2] not in _BYTES:
        raise ValueError(f"{cell!r} is not a size such as 500G")
    return int(found[1]) * _BYTES[found[2]]


def _whole(cell: str) -> int:
    if not cell.isascii() or not cell.isdigit() or len(cell) > 18:
        raise ValueError(f"{cell!r} is not a whole number")
    return int(cell)


def _yes(cell: str) -> bool:
    answers = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if cell.lower() not in answers:
        raise ValueError(f"{cell!r} is neither true nor false")
    return answers[cell.lower()]


def _words(cell: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in cell.split("|") if word.strip())


_FORMS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "source": ("source", str), "title": ("title", str), "enabled": ("enabled", _yes), "audio": ("audio", str),
    "depth_ms": ("depth_ms", _whole), "depth": ("depth_ms", _length_ms),
    "keep_ms": ("keep_ms", _whole), "keep": ("keep_ms", _length_ms),
    "quota_bytes": ("quota_bytes", _whole), "quota": ("quota_bytes", _size_bytes),
    "catch": ("catch", _words), "labels": ("labels", _words),
    "mail_login": ("mail_login", str), "mail_password": ("mail_password", str),
    "mail_aliases": ("mail_aliases", _words), "time_zone": ("time_zone", str),
}  # fmt: skip
"""Column → the field it sets and how its cells are read."""
_DEFAULTS = {name: getattr(MediaConfigured(media="a", observed_ms=0), name) for name in FIELDS}
