"""A CSV file whose rows have names → its rows, each cell by its column. Every mistake is told with its line."""

import csv
import io
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from api.errors import BadFields, FieldError, bad_field

MAX_ROWS = 20_000


class Named(NamedTuple):
    """The column that says whom a row is about."""

    column: str
    aliases: tuple[str, ...]
    normalise: Callable[[str], str]
    """A cell → the name as it is stored; raises ValueError with the rule."""


def named_rows(
    text: bytes, named: Named, known: Collection[str]
) -> tuple[list[tuple[int, str, dict[str, str]]], list[FieldError]]:
    """(line, name, column → cell) of each row, and what is wrong with the others: no name, a bad one, a second time.

    The header names the columns, in any case and order; ``,``, ``;`` or a tab stands between them. Raises BadFields
    where the file cannot be read at all.
    """
    lines = list(_lines(text, named))
    if not lines:
        raise BadFields([_at(1, named.column, "the file is empty; its first line names the columns")])
    header, *rest = lines
    columns = _columns(*header, named, known)
    rows, errors, seen = [], [], dict[str, int]()
    for line, cells in rest:
        try:
            name, values = _row(columns, cells, named)
            if name in seen:
                raise ValueError(f"{name!r} is also on line {seen[name]}")
            seen[name] = line
            rows.append((line, name, values))
        except ValueError as error:
            errors.append(_at(line, named.column, str(error)))
    return rows, errors


def _lines(text: bytes, named: Named) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of every line that is not blank."""
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text[: error.start].count(b"\n") + 1
        raise BadFields([_at(line, named.column, "the file is not UTF-8")]) from None
    first = decoded.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in cells]
            if reader.line_num > MAX_ROWS:
                raise BadFields([_at(reader.line_num, named.column, f"more than {MAX_ROWS} lines; split the file")])
    except csv.Error as error:
        raise BadFields([_at(reader.line_num, named.column, f"not CSV: {error}")]) from None


def _columns(line: int, header: list[str], named: Named, known: Collection[str]) -> list[str]:
    names = [cell.lower() for cell in header]
    names = [named.column if name in named.aliases else name for name in names]
    unknown = [name for name in names if name != named.column and name not in known]
    errors = [
        _at(line, name or "(empty)", f"not a column; known: {named.column}, {', '.join(known)}") for name in unknown
    ]
    errors += [_at(line, name, "is given twice") for name in set(names) if names.count(name) > 1]
    if named.column not in names:
        errors.append(_at(line, named.column, "this column is missing"))
    if errors:
        raise BadFields(errors)
    return names


def _row(columns: list[str], cells: list[str], named: Named) -> tuple[str, dict[str, str]]:
    if len(cells) > len(columns):
        raise ValueError(f"{len(cells)} cells for {len(columns)} columns; quote cells that hold the delimiter")
    values = dict(zip(columns, cells + [""] * (len(columns) - len(cells)), strict=True))
    return named.normalise(values.pop(named.column)), values


def _at(line: int, field: str, rule: str) -> FieldError:
    return bad_field(field, rule, "csv", line=line)
