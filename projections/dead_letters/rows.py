"""DeadLettered → rows of ``dead_letters``. Pure."""

from collections.abc import Sequence

from msgspec import Struct

from schemas.errors import BadFact
from schemas.facts import DeadLettered


class LetterRow(Struct, frozen=True, array_like=True, gc=False):
    """One row of ``dead_letters``, fields in column order; bytes travel as base64."""

    consumer: str
    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    error: str
    reason: str
    failed_ms: int
    code_version: str
    src_partition: int
    src_offset: int


def rows(fact: object, partition: int, offset: int) -> Sequence[Struct]:
    """The row a letter makes; the same for the same letter at the same position."""
    if not isinstance(fact, DeadLettered):
        raise BadFact(f"{type(fact).__name__} makes no letter row")
    return (
        LetterRow(
            fact.consumer, fact.topic, fact.partition, fact.offset, fact.key, fact.value, fact.error, fact.reason,
            fact.failed_ms, fact.code_version, partition, offset,
        ),
    )  # fmt: skip
