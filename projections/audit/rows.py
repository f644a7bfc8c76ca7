"""ActionAudited → rows of ``actions``. Pure."""

from collections.abc import Sequence

from msgspec import Struct

from projections.columns import LAST_MS
from schemas.errors import BadFact
from schemas.facts import ActionAudited


class ActionRow(Struct, frozen=True, array_like=True, gc=False):
    """One row of ``actions``, fields in column order."""

    action_id: int
    observed_ms: int
    user: str
    who: str
    via: str
    action: str
    media: str
    from_ms: int | None
    to_ms: int | None
    subject: str
    detail: str
    peer: str
    src_partition: int
    src_offset: int


def rows(fact: object, partition: int, offset: int) -> Sequence[Struct]:
    """The row a fact of topic ``audit`` makes; the same for the same fact at the same position."""
    if not isinstance(fact, ActionAudited):
        raise BadFact(f"{type(fact).__name__} makes no row of the audit")
    if max(fact.observed_ms, fact.from_ms or 0, fact.to_ms or 0) > LAST_MS:
        raise BadFact("observed_ms, from_ms or to_ms is after the year 2299")
    return (
        ActionRow(
            fact.action_id, fact.observed_ms, user_of(fact.who), fact.who, fact.via, fact.action, fact.media,
            fact.from_ms, fact.to_ms, fact.subject, fact.detail, fact.peer, partition, offset,
        ),
    )  # fmt: skip


def user_of(who: str) -> str:
    """The login, or what stands in its place: ``who`` without the token or link that was used."""
    return who.partition(" ")[0]
