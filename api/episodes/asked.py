"""The filters of episode routes, read strictly, as one Search."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from api.auth import Asking
from api.episodes.reviewed import reviewer
from api.errors import bad_query
from api.listed import cameras, listed
from api.times import Time
from projections.episodes.reads import LAST_MS, Order, Search, Sort

_MOST_WORDS = 8
_SOURCES = ("api", "inference", "motion_detector", "alarm", "person")

Media = Annotated[
    str | None, Query(max_length=16_384, description="Camera, or several with commas", examples=["gate,yard"])
]
EpisodeType = Annotated[
    str | None, Query(max_length=1024, description="face, vehicle, …, or several with commas", examples=["face"])
]
Source = Annotated[
    str | None, Query(max_length=128, description=f"Who made it: {', '.join(_SOURCES)}; or several with commas")
]
Label = Annotated[str | None, Query(max_length=4096, description="A label it carries, or several with commas: any")]
OpenedFrom = Annotated[Time | None, Query(description="Opened at this time or later")]
OpenedTo = Annotated[Time | None, Query(description="Opened before this time")]
OverlapsFrom = Annotated[
    Time | None, Query(description="Reaches beyond this time, however long ago it was opened; open: to its last update")
]
OverlapsTo = Annotated[Time | None, Query(description="Starts before this time")]
UpdatedAfter = Annotated[
    Time | None, Query(description="Updated after this time; with poll_timeout, where the feed begins")
]
Words = Annotated[
    str | None,
    Query(max_length=256, description="Words that title, labels, number plate or payload hold, in any case: all"),
]
Reviewed = Annotated[bool | None, Query(description="Only those that the caller has reviewed, or has not")]
Favourite = Annotated[bool | None, Query(description="Only favourites of the caller, or only others")]
SortBy = Literal[
    "opened_at", "-opened_at", "updated_at", "-updated_at", "started_at", "-started_at", "ended_at", "-ended_at"
]


def asked(
    scope: Asking,
    media: Media = None,
    episode_type: EpisodeType = None,
    source: Source = None,
    label: Label = None,
    opened_at_gte: OpenedFrom = None,
    opened_at_lt: OpenedTo = None,
    overlaps_from: OverlapsFrom = None,
    overlaps_to: OverlapsTo = None,
    updated_at_gt: UpdatedAfter = None,
    q: Words = None,
    reviewed: Reviewed = None,
    favourite: Favourite = None,
) -> Search:
    """What is looked for; 400 for a filter that breaks its rule. What the caller may see is for the stores to say."""
    if overlaps_from is not None and overlaps_to is not None and overlaps_from >= overlaps_to:
        raise bad_query("overlaps_from", "must be before overlaps_to")
    return Search(
        media=cameras(media),
        episode_type=_either(episode_type),
        source=listed("source", source, _maker),
        label=_either(label),
        opened_at_gte=_known(opened_at_gte),
        opened_at_lt=_known(opened_at_lt),
        overlaps_from=_known(overlaps_from),
        overlaps_to=_known(overlaps_to),
        updated_at_gt=_known(updated_at_gt),
        words=_words(q),
        reviewer=None if reviewed is favourite is None else reviewer(scope),
        reviewed=reviewed,
        favourite=favourite,
    )


def order_of(sort: SortBy) -> Order:
    """The order that ``sort`` names."""
    by: Sort = sort.removeprefix("-")  # type: ignore[assignment]
    return Order(by, sort.startswith("-"))


def _either(text: str | None) -> tuple[str, ...] | None:
    """A word as it stands, or any of its parts between commas: words of sources may hold commas themselves."""
    return None if text is None else tuple(sorted({text, *text.split(",")}))


def _maker(name: str) -> str:
    if name not in _SOURCES:
        raise ValueError(f"must be one of {', '.join(_SOURCES)}, or several with commas")
    return name


def _known(at_ms: int | None) -> int | None:
    return None if at_ms is None else min(at_ms, LAST_MS)


def _words(text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    words = tuple(dict.fromkeys(text.split()))
    if len(words) > _MOST_WORDS:
        raise bad_query("q", f"has more than {_MOST_WORDS} words")
    return words or None


Asked = Annotated[Search, Depends(asked)]
