"""Cursors of episode answers: opaque to callers, good for as long as the facts are kept, for restarts and rebuilds."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from api import sealed as sealing
from api.errors import bad_query
from projections.episodes.reads import Order, Place, Search
from schemas import ids

_Ms = Annotated[int, Meta(ge=0, le=253_402_300_799_999)]
_Offsets = Annotated[tuple[Annotated[int, Meta(ge=0, le=1 << 62)], ...], Meta(max_length=1024)]


class PageCursor(Struct, frozen=True, kw_only=True, array_like=True, tag="page"):
    """A place in a list of one search in one order."""

    question: bytes
    """Which search and order; another one is another list."""
    forward: bool
    inclusive: bool
    at_ms: _Ms
    media: Annotated[str, Meta(max_length=128)]
    episode_id: Annotated[int, Meta(ge=0)]
    count: Annotated[int, Meta(ge=0, le=1 << 62)]
    """How many were estimated on the first page: counted once."""

    def __post_init__(self) -> None:
        ids.parse(self.episode_id)

    @property
    def place(self) -> Place:
        """Where it points."""
        return Place(self.at_ms, self.media, self.episode_id)


class Position(Struct, frozen=True, kw_only=True, array_like=True, tag="position"):
    """Every change before ``offsets`` has been told."""

    offsets: _Offsets


class Since(Struct, frozen=True, kw_only=True, array_like=True, tag="since"):
    """Changes before ``until`` are told by ``updated_at``, those up to ``after_ms`` have been; then by position."""

    after_ms: _Ms
    until: _Offsets


class RefusalCursor(Struct, frozen=True, kw_only=True, array_like=True, tag="refusal"):
    """Behind this refusal."""

    at_ms: _Ms
    save_id: Annotated[int, Meta(ge=0)]

    def __post_init__(self) -> None:
        ids.parse(self.save_id)


Cursor = PageCursor | Position | Since | RefusalCursor
_decoder: msgspec.msgpack.Decoder[Cursor] = msgspec.msgpack.Decoder(Cursor)


def seal(cursor: Cursor) -> str:
    """The cursor as answers carry it."""
    return sealing.seal(cursor)


def unseal(sealed: str, name: str = "cursor") -> Cursor:
    """What was sealed; 400 for ``name`` when we did not make it."""
    return sealing.unseal(sealed, _decoder, name)


def page_cursor(sealed: str, search: Search, order: Order) -> PageCursor:
    """The cursor of this very list; 400 for one of another question."""
    found = unseal(sealed)
    if not isinstance(found, PageCursor):
        raise bad_query("cursor", "is not one of this list; `next` of the feed wants poll_timeout")
    if found.question != question(search, order):
        raise bad_query("cursor", "belongs to other filters or another sort; repeat those of the page it came from")
    return found


def feed_cursor(sealed: str, name: str = "cursor") -> Position | Since:
    """A place among changes; 400 for a cursor of a list."""
    found = unseal(sealed, name)
    if not isinstance(found, Position | Since):
        raise bad_query(name, "is not one of the feed; `next` of a list goes without poll_timeout")
    return found


def refusal_cursor(sealed: str) -> RefusalCursor:
    """A place among refusals; 400 for any other cursor."""
    found = unseal(sealed)
    if not isinstance(found, RefusalCursor):
        raise bad_query("cursor", "is not one of the refusals")
    return found


def question(search: Search, order: Order) -> bytes:
    """The same few bytes for the same search in the same order, whatever the caller may see of it meanwhile."""
    return sealing.fingerprint([msgspec.structs.replace(search, visible=None), order])
