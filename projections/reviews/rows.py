"""EpisodeReviewed → rows of ``reviews``. Pure."""

from collections.abc import Sequence

from msgspec import Struct

from projections.columns import LAST_MS
from schemas.errors import BadFact
from schemas.facts import EpisodeReviewed


class ReviewRow(Struct, frozen=True, array_like=True, gc=False):
    """One row of ``reviews``, fields in column order."""

    user: str
    media: str
    episode_id: int
    reviewed: bool
    favourite: bool
    observed_ms: int
    src_partition: int
    src_offset: int


def rows(fact: object, partition: int, offset: int) -> Sequence[Struct]:
    """The row a fact of topic ``reviews`` makes; the same for the same fact at the same position."""
    if not isinstance(fact, EpisodeReviewed):
        raise BadFact(f"{type(fact).__name__} makes no review")
    if fact.observed_ms > LAST_MS:
        raise BadFact("observed_ms is after the year 2299")
    return (
        ReviewRow(
            fact.user, fact.media, fact.episode_id, fact.reviewed, fact.favourite, fact.observed_ms, partition, offset
        ),
    )
