"""Pages of alarms, newest first: keyset cursors, so that mails that come meanwhile neither double nor hide one."""

from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta, Struct

from api import sealed
from api.alarms.store import Alarms
from api.errors import bad_query
from projections.alarms.reads import AlarmPlace, AlarmSearch, StoredAlarm
from schemas import ids


class AlarmCursor(Struct, frozen=True, array_like=True, tag="alarm"):
    """Behind this alarm in the answers to one question."""

    question: bytes
    received_ms: Annotated[int, Meta(ge=0, le=253_402_300_799_999)]
    media: Annotated[str, Meta(max_length=128)]
    alarm_id: Annotated[int, Meta(ge=0)]

    def __post_init__(self) -> None:
        ids.parse(self.alarm_id)


_decoder = msgspec.msgpack.Decoder(AlarmCursor)


class AlarmPage(NamedTuple):
    """Some alarms, and the cursor behind them; None: these were the last."""

    alarms: list[StoredAlarm]
    next: str | None


def page(alarms: Alarms, search: AlarmSearch, limit: int, cursor: str | None) -> AlarmPage:
    """The page at a cursor, the first one without; 400 for a cursor of another question."""
    question = sealed.fingerprint(msgspec.structs.replace(search, visible=None))
    found = alarms.page(search, limit + 1, _after(cursor, question) if cursor else None)
    if len(found) <= limit:
        return AlarmPage(found, None)
    shown = found[:limit]
    return AlarmPage(shown, sealed.seal(AlarmCursor(question, *shown[-1].place)))


def _after(cursor: str, question: bytes) -> AlarmPlace:
    place = sealed.unseal(cursor, _decoder)
    if place.question != question:
        raise bad_query("cursor", "belongs to other filters; repeat those of the page it came from")
    return AlarmPlace(place.received_ms, place.media, place.alarm_id)
