"""Every answer that is not a success: RFC 9457 ``application/problem+json`` with a stable ``type``."""

from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from infra import journal
from infra.clickhouse import DatabaseError, DatabaseUnavailable
from infra.log import LogUnavailable
from infra.objects import StoreRefused, StoreUnavailable

TYPE_BASE = "urn:sightlog:problem:"
"""Types are names, not addresses. ``docs/ref/http.md`` lists them."""

_NO_SUCH_TABLE = frozenset({60, 81})
"""ClickHouse: UNKNOWN_TABLE, UNKNOWN_DATABASE."""

FieldError = dict[str, Any]


class Problem(Exception):
    """An answer that is not a success. ``name`` is the last part of its ``type`` and never changes its meaning."""

    def __init__(
        self,
        status: int,
        name: str,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: dict[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.status, self.name, self.detail = status, name, detail
        self.errors, self.headers, self.members = list(errors), headers, members

    def body(self) -> dict[str, Any]:
        """The JSON object of the answer; ``errors`` only where fields are to blame."""
        told = {
            "type": TYPE_BASE + self.name,
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        return told | ({"errors": self.errors} if self.errors else {}) | self.members

    def response(self) -> JSONResponse:
        """The answer itself; never cached."""
        headers = {"Cache-Control": "no-store"} | (self.headers or {})
        return JSONResponse(self.body(), self.status, headers, "application/problem+json")


def bad_field(name: str, rule: str, where: str = "query", **more: Any) -> FieldError:
    """One entry of ``errors``: which field, where it stood, and the rule it breaks."""
    return {"field": name, "in": where, "rule": rule} | more


class BadFields(ValueError):
    """Some fields are wrong; ``errors`` names each."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("; ".join(f"{error['field']}: {error['rule']}" for error in errors))
        self.errors = errors


def bad_query(name: str, rule: str) -> Problem:
    """400 for one wrong query parameter."""
    return Problem(400, "bad-parameter", f"{name}: {rule}", errors=[bad_field(name, rule)])


def install(app: FastAPI) -> None:
    """Turn every exception of ``app`` into a problem; what we did not expect becomes a journalled 500."""
    unavailable = {DatabaseUnavailable: "database", LogUnavailable: "log", StoreUnavailable: "store"}
    app.add_exception_handler(Problem, _told)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for kind, part in unavailable.items():
        app.add_exception_handler(kind, _server_lost(part))
    app.add_exception_handler(DatabaseError, _database_refused)
    app.add_exception_handler(StoreRefused, _server_refused("store"))
    app.add_exception_handler(Exception, _unexpected)


async def _told(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)
    return error.response()


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = [_of_pydantic(item) for item in error.errors()]
    where = "; ".join(f"{item['field']}: {item['rule']}" for item in errors)
    return Problem(400, "bad-parameter", where, errors=errors).response()


def _of_pydantic(item: dict[str, Any]) -> FieldError:
    place, *path = [str(part) for part in item["loc"]]
    return bad_field(".".join(path) or place, str(item["msg"]).removeprefix("Value error, "), place)


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    name = {404: "no-such-route", 405: "method-not-allowed"}.get(error.status_code, "refused")
    headers = dict(error.headers or {})
    return Problem(error.status_code, name, str(error.detail), headers=headers).response()


Handler = Callable[[Request, Exception], Awaitable[JSONResponse]]


def _server_lost(part: str) -> Handler:
    async def handler(request: Request, error: Exception) -> JSONResponse:
        journal.get("api").warning("server unavailable", server=part, path=request.url.path, error=error)
        detail = f"the {part} does not answer; try again in a few seconds"
        return Problem(503, f"{part}-unavailable", detail, headers={"Retry-After": "5"}).response()

    return handler


def _server_refused(part: str) -> Handler:
    async def handler(request: Request, error: Exception) -> JSONResponse:
        journal.get("api").error("server refused", server=part, path=request.url.path, error=error)
        return Problem(502, f"{part}-refused", f"the {part} refused; the journal says why").response()

    return handler


async def _database_refused(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, DatabaseError) and error.code in _NO_SUCH_TABLE:
        detail = "the tables are not there yet; the projections service makes them when it starts"
        return Problem(503, "no-tables-yet", detail, headers={"Retry-After": "5"}).response()
    return await _server_refused("database")(request, error)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    journal.get("api").error("unexpected", path=request.url.path, exc_info=error)
    return Problem(500, "unexpected", "our mistake; the journal has the details").response()
