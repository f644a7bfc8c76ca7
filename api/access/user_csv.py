"""A CSV file of users → users as they will be, all or nothing. Every wrong cell is named by line and field."""

from collections.abc import Callable, Mapping
from typing import Any

from api import written
from api.access import people
from api.access.people import USER_FIELDS
from api.csv_rows import Named, named_rows
from api.errors import BadFields, FieldError, bad_field
from schemas.access import UserConfigured

MOST_PASSWORDS = 200
"""In one file: each costs a fifth of a second of a core, and the answer waits for all."""
_NAMED = Named("user", ("login", "name"), lambda cell: cell.strip().lower())
_FORMS: Mapping[str, Callable[[str], Any]] = {
    "title": str, "groups": written.words, "admin": written.yes, "watches": written.yes, "enabled": written.yes,
    "language": str, "subject": str, "password": str,
}  # fmt: skip
"""Column → how its cells are read."""
_DEFAULTS = {name: getattr(UserConfigured(user="a", observed_ms=0), name) for name in USER_FIELDS}


def read(
    text: bytes, stored: Callable[[str], UserConfigured | None], is_group: people.IsGroup, now_ms: int, by: str
) -> list[tuple[UserConfigured, str]]:
    """Each user with the password that the file sets (empty: none), in its order. Raises BadFields.

    The header names the columns: ``user`` (or ``login``) and any field of a user; several groups in one cell are
    separated by ``|``. A column that is missing keeps what is stored, and an empty cell sets the default; an empty
    password keeps the one that there is.
    """
    rows, errors = named_rows(text, _NAMED, _FORMS)
    found = []
    for line, login, cells in rows:
        before = stored(login)
        try:
            values = _kept(before) | _values(cells)
            fact = people.user(login, values, before, is_group, now_ms, by)
            found.append((fact, str(values.get("password", ""))))
        except BadFields as error:
            errors += [fault | {"in": "csv", "line": line} for fault in error.errors]
    errors += _too_many([line for line, _, cells in rows if cells.get("password")])
    if errors:
        raise BadFields(sorted(errors, key=lambda error: int(error["line"])))
    return found


def _values(cells: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    errors = []
    for name, cell in cells.items():
        try:
            if cell:
                values[name] = _FORMS[name](cell)
            elif name in _DEFAULTS:
                values[name] = _DEFAULTS[name]
        except ValueError as error:
            errors.append(bad_field(name, str(error), "csv", line=0))
    if errors:
        raise BadFields(errors)
    return values


def _kept(before: UserConfigured | None) -> dict[str, Any]:
    return {name: getattr(before, name) for name in USER_FIELDS} if before else {}


def _too_many(lines: list[int]) -> list[FieldError]:
    if len(lines) <= MOST_PASSWORDS:
        return []
    rule = f"is the {MOST_PASSWORDS + 1}st password of the file; set at most {MOST_PASSWORDS} at once"
    return [bad_field("password", rule, "csv", line=lines[MOST_PASSWORDS])]
