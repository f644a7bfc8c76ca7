"""What goes back over HTTP: status, ClickHouse's headers, the body, and errors in whichever place they can still go."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from infra.embedded.clickhouse.engine import Outcome
from infra.embedded.clickhouse.errors import EngineError

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Header = tuple[bytes, bytes]

_TYPES = {
    "CSV": "text/csv; charset=UTF-8; header=absent",
    "CSVWithNames": "text/csv; charset=UTF-8; header=present",
    "CSVWithNamesAndTypes": "text/csv; charset=UTF-8; header=present",
    "TabSeparated": "text/tab-separated-values; charset=UTF-8",
    "TSV": "text/tab-separated-values; charset=UTF-8",
    "JSONEachRow": "application/x-ndjson; charset=UTF-8",
    "NDJSON": "application/x-ndjson; charset=UTF-8",
    "XML": "application/xml; charset=UTF-8",
    "Markdown": "text/markdown; charset=UTF-8",
}
_BINARY = ("Native", "RowBinary", "Parquet", "Arrow", "ORC", "Avro", "Protobuf", "MsgPack", "BSON", "CapnProto", "Npy")


def content_type(name: str) -> str:
    """The media type of an output format."""
    if name in _TYPES:
        return _TYPES[name]
    if name.startswith("JSON"):
        return "application/json; charset=UTF-8"
    if name.startswith(("TabSeparated", "TSV")):
        return _TYPES["TabSeparated"]
    return "application/octet-stream" if name.startswith(_BINARY) else "text/plain; charset=UTF-8"


def summary(outcome: Outcome) -> Header:
    """X-ClickHouse-Summary: counts as decimal strings, as the server writes them."""
    counts = {
        "read_rows": outcome.read_rows,
        "read_bytes": outcome.read_bytes,
        "written_rows": outcome.written_rows,
        "written_bytes": outcome.written_bytes,
        "total_rows_to_read": outcome.read_rows,
        "result_rows": outcome.result_rows,
        "result_bytes": outcome.result_bytes,
        "elapsed_ns": int(outcome.elapsed_s * 1e9),
    }
    text = json.dumps({name: str(value) for name, value in counts.items()}, separators=(",", ":"))
    return b"x-clickhouse-summary", text.encode()


class Answer:
    """One HTTP answer in the making. ``tag`` marks an error that comes when the body has begun."""

    def __init__(self, send: Send, tag: str, headers: list[Header]) -> None:
        self._send = send
        self._tag = tag
        self._headers = headers
        self._whole: bytes | None = None

    async def start(self, format_name: str, encoding: str = "", extra: tuple[Header, ...] = ()) -> None:
        """Send status 200 and the headers; pieces of the body follow."""
        self._describe(format_name, encoding, extra)
        await self._send({"type": "http.response.start", "status": 200, "headers": self._headers})

    async def body(self, piece: bytes) -> None:
        """Send one more piece."""
        await self._send({"type": "http.response.body", "body": piece, "more_body": True})

    def whole(self, piece: bytes, format_name: str, encoding: str, result: Outcome) -> None:
        """Keep a complete answer for ``finish``: it goes out at once, with its length and its counts."""
        self._describe(format_name, encoding, (summary(result), (b"content-length", str(len(piece)).encode())))
        self._whole = piece

    async def finish(self) -> None:
        """Send what is left, and the end."""
        if self._whole is not None:
            await self._send({"type": "http.response.start", "status": 200, "headers": self._headers})
        await self._send({"type": "http.response.body", "body": self._whole or b"", "more_body": False})

    async def fail(self, error: EngineError, version: str) -> None:
        """The error as a whole answer."""
        text = f"{error} (version {version} (official build))\n" if "(version" not in str(error) else f"{error}\n"
        body = text.encode("utf-8", "surrogateescape")
        headers = [
            *self._headers,
            (b"x-clickhouse-exception-code", str(error.code).encode()),
            (b"content-type", b"text/plain; charset=UTF-8"),
            (b"content-length", str(len(body)).encode()),
        ]
        await self._send({"type": "http.response.start", "status": error.status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})

    def _describe(self, format_name: str, encoding: str, extra: tuple[Header, ...]) -> None:
        self._headers += [
            *extra,
            (b"x-clickhouse-exception-tag", self._tag.encode()),
            (b"x-clickhouse-format", format_name.encode()),
            (b"content-type", content_type(format_name).encode()),
        ]
        if encoding:
            self._headers.append((b"content-encoding", encoding.encode()))

    def late(self, error: EngineError) -> bytes:
        """The error as the block that ends a body already begun: clients look for the tag."""
        text = f"{error}\n".encode("utf-8", "surrogateescape")
        tag = self._tag.encode()
        mark = b"__exception__\r\n"
        return b"\r\n%s%s\r\n%s%d %s\r\n%s" % (mark, tag, text, len(text), tag, mark)
