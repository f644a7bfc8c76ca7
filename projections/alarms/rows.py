"""AlarmReceived → rows of ``alarms``. Pure."""

from collections.abc import Sequence

from msgspec import Struct

from projections.columns import LAST_MS
from schemas.errors import BadFact
from schemas.facts import AlarmReceived, AlarmsTicked


class AlarmRow(Struct, frozen=True, array_like=True, gc=False):
    """One row of ``alarms``, fields in column order."""

    media: str
    alarm_id: int
    kind: str
    received_ms: int
    claimed_ms: int | None
    matched: str
    event: str
    device: str
    channel: str
    vendor: str
    subject: str
    sender: str
    recipient: str
    peer: str
    login: str
    pictures: int
    preview_key: str
    mail_key: str
    src_partition: int
    src_offset: int


def rows(fact: object, partition: int, offset: int) -> Sequence[Struct]:
    """The row a fact of topic ``alarms`` makes, the same for the same fact at the same position; ticks make none."""
    if isinstance(fact, AlarmReceived):
        return (_received(fact, partition, offset),)
    if isinstance(fact, AlarmsTicked):
        return ()
    raise BadFact(f"{type(fact).__name__} makes no alarm row")


def _received(fact: AlarmReceived, partition: int, offset: int) -> AlarmRow:
    _require_storable(fact)
    return AlarmRow(
        fact.media, fact.alarm_id, fact.kind, fact.received_ms, fact.claimed_ms, fact.matched, fact.event, fact.device,
        fact.channel, fact.vendor, fact.subject, fact.sender, fact.recipient, fact.peer, fact.login, fact.pictures,
        fact.preview_key or "", fact.mail_key, partition, offset,
    )  # fmt: skip


def _require_storable(fact: AlarmReceived) -> None:
    """The engine wraps a number that its column cannot hold, without a word; so it must not get one."""
    if max(fact.received_ms, fact.claimed_ms or 0) > LAST_MS:
        raise BadFact("received_ms or claimed_ms is after the year 2299")
    if fact.pictures >> 32:
        raise BadFact(f"pictures {fact.pictures} is too large for its column (32 bits)")
