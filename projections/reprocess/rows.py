"""ReprocessRequested and the facts that follow it → rows of ``steps``. Pure."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from projections.columns import LAST_MS
from schemas.errors import BadFact
from schemas.facts import (
    ReprocessCompleted,
    ReprocessDropped,
    ReprocessPromoted,
    ReprocessRequested,
    ReprocessStarted,
    RunFact,
)
from schemas.motion import Stretch


class StepRow(Struct, frozen=True, array_like=True, gc=False, kw_only=True):
    """One row of ``steps``, fields in column order. What a step does not say is empty."""

    run: str
    step: str
    observed_ms: int
    said_by: str
    media: Sequence[str] = ()
    from_ms: int = 0
    to_ms: int = 0
    detector: str = ""
    evidence: str = ""
    settings: str = ""
    topic: str = ""
    stretches: Sequence[Stretch] = ()
    src_partition: int
    src_offset: int


_json = msgspec.json.Encoder(order="sorted")


def rows(fact: object, partition: int, offset: int) -> Sequence[Struct]:
    """The row a fact of topic ``reprocess`` makes; the same for the same fact at the same position."""
    match fact:
        case ReprocessRequested():
            return (_requested(fact, partition, offset),)
        case ReprocessStarted():
            return (_started(fact, partition, offset),)
        case ReprocessCompleted():
            return (_plain(fact, "looked" if fact.step == "looked" else "applied", partition, offset),)
        case ReprocessPromoted():
            return (_plain(fact, "promoted", partition, offset),)
        case ReprocessDropped():
            return (_plain(fact, "dropped", partition, offset),)
    raise BadFact(f"{type(fact).__name__} makes no row of runs")


def _requested(fact: ReprocessRequested, partition: int, offset: int) -> StepRow:
    if fact.to_ms > LAST_MS:
        raise BadFact(f"to_ms {fact.to_ms} is after the year 2299")
    return StepRow(
        run=fact.run, step="requested", observed_ms=fact.observed_ms, said_by=fact.by, media=fact.media,
        from_ms=fact.from_ms, to_ms=fact.to_ms, detector=fact.detector, evidence=fact.evidence,
        settings=_json.encode(fact.settings).decode(), src_partition=partition, src_offset=offset,
    )  # fmt: skip


def _started(fact: ReprocessStarted, partition: int, offset: int) -> StepRow:
    if any(one.partition >> 32 or one.begin >> 64 or one.end >> 64 for one in fact.stretches):
        raise BadFact("a partition or an offset is too large for its column (32 and 64 bits)")
    return StepRow(
        run=fact.run, step="started", observed_ms=fact.observed_ms, said_by=fact.by, topic=fact.topic,
        stretches=fact.stretches, src_partition=partition, src_offset=offset,
    )  # fmt: skip


def _plain(fact: RunFact, step: str, partition: int, offset: int) -> StepRow:
    return StepRow(
        run=fact.run, step=step, observed_ms=fact.observed_ms, said_by=fact.by, src_partition=partition,
        src_offset=offset,
    )  # fmt: skip
