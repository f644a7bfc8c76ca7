"""Values of parameters in the form that the engine reads them in."""

from collections.abc import Mapping

from api.errors import Problem, bad_field
from api.sql import printed
from api.sql.asked import PARAMETER, Value
from infra.reader import escaped


def values(types: Mapping[str, str], given: Mapping[str, Value]) -> dict[str, str]:
    """Text for every placeholder ``{name:Type}``. Raises Problem 400 when names do not match."""
    errors = [
        bad_field(PARAMETER + name, f"{{{name}:{kind}}} stands in the statement; give it a value")
        for name, kind in types.items()
        if name not in given
    ]
    errors += [
        bad_field(PARAMETER + name, f"no {{{name}:Type}} stands in the statement")
        for name in given
        if name not in types
    ]
    if errors:
        detail = "; ".join(f"{error['field']}: {error['rule']}" for error in errors)
        raise Problem(400, "bad-parameter", detail, errors=errors)
    return {name: _text(kind, given[name]) for name, kind in types.items()}


def _text(kind: str, value: Value) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return escaped(value) if printed.is_text(kind) else value
    return _literal(value)


def _literal(value: object) -> str:
    """A value of JSON the way the engine writes it: lists in brackets, texts inside them quoted."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(_literal(one) for one in value) + "]"
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return "NULL" if value is None else str(value)
