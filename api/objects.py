"""Objects as answers: streamed from the store, and 404 while that can still be said."""

from collections.abc import Iterator, Mapping
from itertools import chain

from fastapi.responses import StreamingResponse

from api.errors import Problem
from infra import journal
from infra.objects import ObjectMissing, ObjectStore


def streamed(
    store: ObjectStore, key: str, media_type: str, headers: Mapping[str, str], gone: Problem
) -> StreamingResponse:
    """The whole object with its length; ``gone`` when it is not there any more."""
    size = size_bytes(store, key, gone)
    content = _content(store, key, gone)
    return StreamingResponse(content, media_type=media_type, headers={**headers, "Content-Length": str(size)})


def size_bytes(store: ObjectStore, key: str, gone: Problem) -> int:
    """How large the object is; ``gone`` when it is not there any more."""
    known = store.head(key)
    if known is None:
        raise _told(gone, key)
    return known.size_bytes


def _content(store: ObjectStore, key: str, gone: Problem) -> Iterator[bytes]:
    """Its bytes; the first of them are here already, so that nothing is promised that cannot be kept."""
    pieces = store.stream(key)
    try:
        first = next(pieces, b"")
    except ObjectMissing:
        raise _told(gone, key) from None
    return chain([first], pieces)


def why_not(key: str, error: Exception) -> str:
    """Why an object cannot be read, in words for callers: its key is for the journal alone."""
    journal.get("api").warning("object cannot be read", object_key=key, error=error)
    return "its object is gone" if isinstance(error, ObjectMissing) else str(error)


def _told(gone: Problem, key: str) -> Problem:
    why_not(key, ObjectMissing(key))
    return gone
