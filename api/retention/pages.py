"""Pages of decisions: those that wait first, the next to go before others; keyset cursors, so nothing doubles."""

from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta, Struct

from api import sealed
from api.errors import bad_query
from api.retention.store import Expirations
from projections.expirations.reads import ExpirationPlace, ExpirationSearch, StoredExpiration
from schemas import ids

_LAST_MS = 253_402_300_799_999


class ExpirationCursor(Struct, frozen=True, array_like=True, tag="expiration"):
    """Behind this decision in the answers to one question."""

    question: bytes
    is_decided: bool
    turn_ms: Annotated[int, Meta(ge=-_LAST_MS, le=_LAST_MS)]
    media: Annotated[str, Meta(max_length=128)]
    expiration_id: Annotated[int, Meta(ge=0)]

    def __post_init__(self) -> None:
        ids.parse(self.expiration_id)


_decoder = msgspec.msgpack.Decoder(ExpirationCursor)


class ExpirationPage(NamedTuple):
    """Some decisions, and the cursor behind them; None: these were the last."""

    expirations: list[StoredExpiration]
    next: str | None


def page(store: Expirations, search: ExpirationSearch, limit: int, cursor: str | None) -> ExpirationPage:
    """The page at a cursor, the first one without; 400 for a cursor of another question."""
    question = sealed.fingerprint(msgspec.structs.replace(search, visible=None))
    found = store.page(search, limit + 1, _after(cursor, question) if cursor else None)
    if len(found) <= limit:
        return ExpirationPage(found, None)
    shown = found[:limit]
    return ExpirationPage(shown, sealed.seal(ExpirationCursor(question, *shown[-1].place)))


def _after(cursor: str, question: bytes) -> ExpirationPlace:
    place = sealed.unseal(cursor, _decoder)
    if place.question != question:
        raise bad_query("cursor", "belongs to other filters; repeat those of the page it came from")
    return ExpirationPlace(place.is_decided, place.turn_ms, place.media, place.expiration_id)
