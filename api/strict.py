"""Requests are read strictly: a parameter that is unknown, or given twice, is a mistake worth telling."""

from collections.abc import Callable
from typing import Any

import msgspec
from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.errors import Problem, bad_field

JSON_BYTES = 1 << 20
CSV_BYTES = 16 << 20


async def known_query(request: Request) -> None:
    """400 naming every query parameter that this route does not know or that came twice."""
    _refuse_unknown(request, lambda name: False)


async def known_query_or_bound(request: Request) -> None:
    """The same for a route whose callers name parameters of their own: ``param_NAME``."""
    _refuse_unknown(request, lambda name: name.startswith("param_"))


def _refuse_unknown(request: Request, is_free: Callable[[str], bool]) -> None:
    route = request.scope.get("route")
    known = names_of(route.dependant) if isinstance(route, APIRoute) else set()
    given = [name for name, _ in request.query_params.multi_items()]
    allowed = f"not a parameter here; known: {', '.join(sorted(known)) or 'none'}"
    names = list(dict.fromkeys(given))
    errors = [bad_field(name, allowed, "query") for name in names if name not in known and not is_free(name)]
    errors += [bad_field(name, "given more than once", "query") for name in names if given.count(name) > 1]
    if errors:
        detail = "; ".join(f"{error['field']}: {error['rule']}" for error in errors)
        raise Problem(400, "bad-parameter", detail, errors=errors)


def names_of(dependant: Dependant) -> set[str]:
    """The query parameters of a route, those of its dependencies included."""
    names = {parameter.alias for parameter in dependant.query_params}
    return names.union(*(names_of(inner) for inner in dependant.dependencies))


async def body(request: Request, limit: int) -> bytes:
    """The whole body; 413 as soon as it passes ``limit`` bytes."""
    pieces = bytearray()
    async for piece in request.stream():
        pieces += piece
        if len(pieces) > limit:
            raise Problem(413, "too-large", f"the body is larger than {limit} bytes")
    return bytes(pieces)


async def json_body(request: Request) -> bytes:
    """A body that should be JSON, not parsed yet."""
    return await body(request, JSON_BYTES)


def json_object(body: bytes) -> dict[str, Any]:
    """The object in a JSON body; 400 for anything else."""
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, "bad-json", f"the body is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise Problem(400, "bad-json", "the body must be a JSON object")
    return found


async def csv_body(request: Request) -> bytes:
    """A body that should be CSV, not parsed yet."""
    return await body(request, CSV_BYTES)
