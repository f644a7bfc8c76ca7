"""Requests are read strictly: a parameter that is unknown, or given twice, is a mistake worth telling."""

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.errors import Problem, bad_field

JSON_BYTES = 1 << 20
CSV_BYTES = 16 << 20


async def known_query(request: Request) -> None:
    """400 naming every query parameter that this route does not know or that came twice."""
    route = request.scope.get("route")
    known = names_of(route.dependant) if isinstance(route, APIRoute) else set()
    given = [name for name, _ in request.query_params.multi_items()]
    allowed = f"not a parameter here; known: {', '.join(sorted(known)) or 'none'}"
    errors = [bad_field(name, allowed, "query") for name in dict.fromkeys(given) if name not in known]
    errors += [bad_field(name, "given more than once", "query") for name in known if given.count(name) > 1]
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


async def csv_body(request: Request) -> bytes:
    """A body that should be CSV, not parsed yet."""
    return await body(request, CSV_BYTES)
