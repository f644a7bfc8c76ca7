"""ReprocessRequested, ReprocessPromoted, ReprocessDropped → rows of ``steps``. Pure."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from projections.columns import LAST_MS
from schemas.errors import BadFact
from schemas.motion import ReprocessDropped, ReprocessPromoted, ReprocessRequested


class StepRow(Struct, frozen=True, array_like=True, gc=False):
    """One row of ``steps``, fields in column order. What a step does not say is empty."""

    run: str
    step: str
    observed_ms: int
    said_by: str
    media: Sequence[str]
    from_ms: int
    to_ms: int
    detector: str
    evidence: str
    settings: str
    src_partition: int
    src_offset: int


_json = msgspec.json.Encoder(order="sorted")


def rows(fact: object, partition: int, offset: int) -> Sequence[Struct]:
    """The row a fact of topic ``reprocess`` makes; the same for the same fact at the same position."""
    if isinstance(fact, ReprocessRequested):
        return (_requested(fact, partition, offset),)
    if isinstance(fact, ReprocessPromoted | ReprocessDropped):
        step = "promoted" if isinstance(fact, ReprocessPromoted) else "dropped"
        return (StepRow(fact.run, step, fact.observed_ms, fact.by, (), 0, 0, "", "", "", partition, offset),)
    raise BadFact(f"{type(fact).__name__} makes no row of runs")


def _requested(fact: ReprocessRequested, partition: int, offset: int) -> StepRow:
    if fact.to_ms > LAST_MS:
        raise BadFact(f"to_ms {fact.to_ms} is after the year 2299")
    return StepRow(
        fact.run, "requested", fact.observed_ms, fact.by, fact.media, fact.from_ms, fact.to_ms, fact.detector,
        fact.evidence, _json.encode(fact.settings).decode(), partition, offset,
    )  # fmt: skip
