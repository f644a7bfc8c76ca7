"""The body of a save: read to its end, never beyond its limit, unpacked when it came packed."""

import zlib
from collections.abc import Callable
from typing import Any, TypeAlias

from starlette.requests import ClientDisconnect, Request

from producers.episodes.accept import MAX_BYTES

TellProblem: TypeAlias = Callable[[int, str, str, list[dict[str, Any]]], Exception]
"""(status, name, detail, errors) → what to raise. The API's own form; producers may not import it."""
_GZIP = 31
"""Window bits that make zlib expect gzip's header and checksum."""


async def read(request: Request, problem: TellProblem) -> bytes:
    """The body as its sender meant it, at most MAX_BYTES. Raises a problem 400, 413 or 415."""
    packing = request.headers.get("content-encoding", "").strip().lower()
    if packing not in ("", "identity", "gzip"):
        raise problem(415, "unknown-encoding", f"Content-Encoding {packing[:40]!r} is not gzip", [])
    if request.headers.get("content-length", "0").rjust(20, "0") > str(MAX_BYTES).rjust(20, "0"):
        raise _too_large(problem)
    pieces = bytearray()
    try:
        async for piece in request.stream():
            pieces += piece
            if len(pieces) > MAX_BYTES:
                raise _too_large(problem)
    except ClientDisconnect:
        raise problem(400, "bad-episode", "the connection ended before the body did", []) from None
    return _unpacked(bytes(pieces), problem) if packing == "gzip" else bytes(pieces)


def _unpacked(packed: bytes, problem: TellProblem) -> bytes:
    """What gzip packed. Stops at the limit, however much more a few bytes promise."""
    unpacking = zlib.decompressobj(_GZIP)
    try:
        body = unpacking.decompress(packed, MAX_BYTES + 1)
    except zlib.error as error:
        raise problem(400, "bad-episode", f"the body is not gzip: {error}", []) from None
    if len(body) > MAX_BYTES:
        raise _too_large(problem)
    if not unpacking.eof:
        raise problem(400, "bad-episode", "the gzip body ends too early", [])
    return body


def _too_large(problem: TellProblem) -> Exception:
    return problem(413, "too-large", f"an episode has at most {MAX_BYTES} bytes, its pictures included", [])
