"""How much of an episode was recorded: ``full``, ``partial`` or ``none``."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from api.archive import Archive
from projections.episodes.reads import StoredEpisode
from schemas.intervals import Span, subtract

HOLE_MS = 40
"""A shorter hole is rounding between two segments."""


def statuses(archive: Archive, episodes: Sequence[StoredEpisode]) -> list[str]:
    """The recording status of each."""
    wanted: dict[str, list[Span]] = {}
    for one in episodes:
        wanted.setdefault(one.media, []).append(span_of(one))
    footage = archive.footage(wanted, HOLE_MS) if wanted else {}
    return [status(span_of(one), footage.get(one.media, [])) for one in episodes]


def span_of(episode: StoredEpisode) -> Span:
    """The stretch it marks; a mark without length is the millisecond it stands on."""
    return Span(episode.start_ms, max(episode.end_ms, episode.start_ms + 1))


def status(span: Span, footage: Sequence[Span]) -> str:
    """What ``footage``, a clean list, covers of ``span``."""
    first = bisect_right(footage, span.start_ms, key=lambda one: one.end_ms)
    near = footage[first : bisect_left(footage, span.end_ms, key=lambda one: one.start_ms)]
    if not near:
        return "none"
    return "full" if all(hole.length_ms <= HOLE_MS for hole in subtract([span], near)) else "partial"
