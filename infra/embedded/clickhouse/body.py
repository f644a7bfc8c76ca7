"""The bytes of a request body, whatever they were wrapped in."""

import sys
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any, Protocol

import cramjam

from infra.embedded.clickhouse.errors import CANNOT_DECOMPRESS, UNKNOWN_COMPRESSION_METHOD, refusal
from infra.embedded.clickhouse.framing import unpack

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Chunks = AsyncIterator[bytes]


class ClientGone(Exception):
    """The client closed the connection before its request was complete."""


class _Inflater(Protocol):
    """One compressed frame; ``unused_data`` is what follows it."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


async def received(receive: Receive) -> Chunks:
    """The body as it comes over the wire. Raises ClientGone."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        if chunk := message.get("body", b""):
            yield chunk
        if not message.get("more_body", False):
            return


def decoded(chunks: Chunks, encodings: tuple[str, ...], packed: bool) -> Chunks:
    """The body with its Content-Encodings and, when ``packed``, ClickHouse's block framing taken off.

    Raises EngineError for an unknown encoding and, while reading, for broken data.
    """
    for name in reversed(encodings):
        chunks = _whole_brotli(chunks) if name == "br" else _inflated(chunks, name, _inflater(name))
    return unpack(chunks) if packed else chunks


async def _inflated(chunks: Chunks, name: str, make: Callable[[], _Inflater]) -> Chunks:
    """Frames one after another, each with a fresh inflater: clients compress block by block."""
    inflater = make()
    fresh = True
    try:
        async for chunk in chunks:
            data = chunk
            while data:
                plain = inflater.decompress(data)
                fresh = inflater.eof
                data = inflater.unused_data if inflater.eof else b""
                inflater = make() if inflater.eof else inflater
                if plain:
                    yield plain
    except (zlib.error, RuntimeError, ValueError, EOFError, OSError) as error:
        raise _broken(name, str(error)) from None
    except Exception as error:
        # backports.zstd's error derives from Exception alone; anything else is ours.
        if type(error).__name__ != "ZstdError":
            raise
        raise _broken(name, str(error)) from None
    if not fresh:
        raise _broken(name, "it ends in the middle")


async def _whole_brotli(chunks: Chunks) -> Chunks:
    data = b"".join([chunk async for chunk in chunks])
    try:
        yield bytes(cramjam.brotli.decompress(data))
    except (cramjam.DecompressionError, OSError) as error:
        raise _broken("br", str(error)) from None


def _inflater(name: str) -> Callable[[], _Inflater]:
    if name == "gzip":
        return lambda: zlib.decompressobj(zlib.MAX_WBITS | 16)
    if name == "deflate":
        return lambda: zlib.decompressobj()
    if name == "zstd":
        return _zstd
    if name == "lz4":
        return _lz4
    raise refusal(
        UNKNOWN_COMPRESSION_METHOD,
        "UNKNOWN_COMPRESSION_METHOD",
        f"Content-Encoding {name!r} is not known here; send gzip, deflate, zstd, lz4 or br",
    )


def _zstd() -> _Inflater:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    inflater: _Inflater = zstd.ZstdDecompressor()
    return inflater


def _lz4() -> _Inflater:
    import lz4.frame  # type: ignore[import-untyped]

    inflater: _Inflater = lz4.frame.LZ4FrameDecompressor()
    return inflater


def _broken(name: str, why: str) -> Exception:
    return refusal(CANNOT_DECOMPRESS, "CANNOT_DECOMPRESS", f"The body is not valid {name}: {why}")
