"""One read of ClickHouse whose answer comes as bytes, in the engine's own formats, without a thread.

For answers of any size and for statements that must end when nobody waits for them: leaving the block drops the
connection, and the engine then ends the query.
"""

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx

from infra.clickhouse import DatabaseError, DatabaseUnavailable
from infra.settings import Settings

_HELD_BYTES = 1 << 20
"""The engine holds its answer back until it has so much, or all: so an early error still is a proper answer."""
_ALWAYS = {
    "readonly": "2",
    "http_response_buffer_size": str(_HELD_BYTES),
    "http_write_exception_in_output_format": "0",
    "cancel_http_readonly_queries_on_client_close": "1",
}
_STILL_RUNS = """
SELECT count() FROM system.processes WHERE query_id = {id:String} OR Settings['log_comment'] = {id:String}
"""
"""The embedded engine numbers queries itself and has our name for one beside it."""
_END_OF_ERROR = "{tag}\r\n__exception__\r\n"


class CutShort(Exception):
    """The engine failed when its answer had begun; what came is not the whole answer."""


class Reader:
    """Reads as the user of ``SIGHTLOG_SQL_CLICKHOUSE``. Raises DatabaseUnavailable, DatabaseError and CutShort."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.sql_clickhouse or settings.clickhouse
        self._database = settings.database
        self._tls = ssl.create_default_context()

    @asynccontextmanager
    async def answer(
        self, sql: str, shape: str, parameters: Mapping[str, str], settings: Mapping[str, str], name: str = ""
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """The bytes of the answer in format ``shape``; ``parameters`` are in the engine's escaped form.

        ``name``: an id of the query, for ``runs``.
        """
        fields = {
            "query": sql,
            "query_id": name,
            "default_format": shape,
            "database": self._database,
            **_ALWAYS,
            **settings,
        }
        fields |= {f"param_{name}": value for name, value in parameters.items()}
        try:
            # A form, not an address: neither list of rows nor parameter is ever too long for it.
            form = {name: (None, value.encode()) for name, value in fields.items()}
            async with (
                httpx.AsyncClient(verify=self._tls, trust_env=False, timeout=httpx.Timeout(None, connect=5)) as client,
                client.stream("POST", self._url, files=form) as response,
            ):
                if response.status_code != httpx.codes.OK:
                    raise _refusal(response, await response.aread())
                yield _whole(response)
        except httpx.TransportError as error:
            address = urlsplit(self._url).netloc.rpartition("@")[2]
            raise DatabaseUnavailable(f"{address}: {type(error).__name__}: {error}") from None

    async def answered(self, sql: str, shape: str, parameters: Mapping[str, str], settings: Mapping[str, str]) -> bytes:
        """A small answer, whole."""
        async with self.answer(sql, shape, parameters, settings) as pieces:
            return b"".join([piece async for piece in pieces])

    async def runs(self, name: str) -> bool:
        """True while the engine works on the query of this name; False when it is gone, or does not say."""
        try:
            return await self.answered(_STILL_RUNS, "TabSeparatedRaw", {"id": name}, {}) != b"0\n"
        except (DatabaseError, DatabaseUnavailable, CutShort):
            return False


def escaped(value: str) -> str:
    """A text as the engine wants it for a parameter of a type that is text."""
    return value.translate({92: "\\\\", 9: "\\t", 10: "\\n", 13: "\\r", 0: "\\0"})


async def _whole(response: httpx.Response) -> AsyncIterator[bytes]:
    """Pieces of the body; CutShort instead of an end that is none."""
    tail = b""
    try:
        async for piece in response.aiter_raw():
            tail = (tail + piece)[-64:]
            yield piece
    except httpx.TransportError as error:
        raise CutShort(str(error)) from None
    tag = response.headers.get("x-clickhouse-exception-tag")
    if tag and tail.endswith(_END_OF_ERROR.format(tag=tag).encode()):
        raise CutShort("the engine failed in the middle of its answer")


def _refusal(response: httpx.Response, body: bytes) -> DatabaseError:
    code = response.headers.get("x-clickhouse-exception-code", "0")
    return DatabaseError(body.decode("utf-8", "replace").strip(), int(code) if code.isdigit() else 0)
