"""MailRefused → rows of ``mail_refusals``. Pure."""

from collections.abc import Sequence

from msgspec import Struct

from projections.columns import LAST_MS
from schemas.errors import BadFact
from schemas.facts import MailRefused


class RefusalRow(Struct, frozen=True, array_like=True, gc=False):
    """One row of ``mail_refusals``, fields in column order."""

    media: str
    observed_ms: int
    reason: str
    detail: str
    times: int
    peer: str
    login: str
    mail_from: str
    recipient: str
    route: str
    src_partition: int
    src_offset: int


def rows(fact: object, partition: int, offset: int) -> Sequence[Struct]:
    """The row a fact of topic ``mail-refusals`` makes; the same for the same fact at the same position."""
    if not isinstance(fact, MailRefused):
        raise BadFact(f"{type(fact).__name__} makes no row of mail refusals")
    if fact.observed_ms > LAST_MS or fact.times >> 64:
        raise BadFact("observed_ms is after the year 2299, or times is larger than 64 bits")
    return (
        RefusalRow(
            fact.media, fact.observed_ms, fact.reason, fact.detail, fact.times, fact.peer, fact.login, fact.mail_from,
            fact.recipient, fact.route, partition, offset,
        ),
    )  # fmt: skip
