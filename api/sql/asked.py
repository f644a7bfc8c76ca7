"""What one request asks: the statement, its parameters, the format of the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from fastapi import Request

from api import strict
from api.errors import Problem, bad_field
from api.sql.limits import TEXT_BYTES
from api.sql.shapes import Shape

PARAMETER = "param_"
Value = str | int | float | bool | list[Any] | None


class _Body(msgspec.Struct, forbid_unknown_fields=True):
    sql: str
    parameters: dict[str, Value] = {}
    format: Shape | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement in the caller's words."""

    sql: str
    parameters: Mapping[str, Value] = field(default_factory=dict)
    shape: Shape = "json"


async def read(request: Request, shape: Shape | None) -> Asked:
    """The question of a request: SQL as the body, or a JSON object with ``sql``, ``parameters`` and ``format``.

    Raises Problem 400 or 413.
    """
    body = await strict.body(request, TEXT_BYTES)
    named: dict[str, Value] = {
        name.removeprefix(PARAMETER): value
        for name, value in request.query_params.items()
        if name.startswith(PARAMETER)
    }
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
        said = _json(body)
        return Asked(said.sql, said.parameters | named, shape or said.format or "json")
    try:
        return Asked(body.decode(), named, shape or "json")
    except UnicodeDecodeError as error:
        raise Problem(400, "bad-sql", f"the body is not UTF-8: {error.reason} at byte {error.start}") from None


def _json(body: bytes) -> _Body:
    try:
        return msgspec.json.decode(body, type=_Body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        rule = f'{error}; send {{"sql": "SELECT …", "parameters": {{}}, "format": "json"}}, or plain SQL as text'
        raise Problem(400, "bad-json", rule, errors=[bad_field("body", rule, "body")]) from None
