"""Pages of a list that others insert into meanwhile: keyset cursors, both ways, nothing told twice or left out."""

from collections.abc import Sequence
from typing import NamedTuple

from api.episodes import cursors
from api.episodes.cursors import PageCursor
from api.episodes.store import Episodes
from projections.episodes.reads import Order, Place, Search, StoredEpisode

MOST_COUNTED = 10_000


class Page(NamedTuple):
    """Some episodes of a list, and how to go on from either end; None: nothing lies there."""

    episodes: list[StoredEpisode]
    next: str | None
    prev: str | None
    estimated_count: int


def page(episodes: Episodes, search: Search, order: Order, limit: int, sealed: str | None) -> Page:
    """The page at a cursor, the first one without. The count is taken once, on the first page."""
    cursor = cursors.page_cursor(sealed, search, order) if sealed else None
    if cursor is None:
        found = episodes.page(search, order, limit + 1)
        count = len(found) if len(found) <= limit else episodes.count(search, MOST_COUNTED)
        return _cut(found, limit, _Ends(search, order, max(count, len(found))), None)
    way = order if cursor.forward else order.turned
    found = episodes.page(search, way, limit + 1, cursor.place, cursor.inclusive)
    return _cut(found, limit, _Ends(search, order, cursor.count), cursor)


class _Ends(NamedTuple):
    """Makes the cursors of one list."""

    search: Search
    order: Order
    estimated: int

    def seal(self, place: Place, forward: bool, inclusive: bool = False) -> str:
        return cursors.seal(
            PageCursor(
                question=cursors.question(self.search, self.order), forward=forward, inclusive=inclusive,
                at_ms=place.at_ms, media=place.media, episode_id=place.episode_id, count=self.estimated,
            )
        )  # fmt: skip


def _cut(found: Sequence[StoredEpisode], limit: int, ends: _Ends, cursor: PageCursor | None) -> Page:
    """``found`` stands in the direction of the cursor and is one longer than the page where more lies behind it."""
    forward, more = cursor is None or cursor.forward, len(found) > limit
    shown = list(found[:limit]) if forward else list(found[:limit])[::-1]
    if not shown:
        return _empty(ends, cursor)
    behind = ends.seal(ends.order.place(shown[-1]), forward=True)
    before = ends.seal(ends.order.place(shown[0]), forward=False)
    is_last, is_first = forward and not more, cursor is None if forward else not more
    return Page(shown, None if is_last else behind, None if is_first else before, ends.estimated)


def _empty(ends: _Ends, cursor: PageCursor | None) -> Page:
    """Nothing lies on that side any more; back leads to the place itself and what is on its other side."""
    if cursor is None:
        return Page([], None, None, 0)
    back = ends.seal(cursor.place, forward=not cursor.forward, inclusive=True)
    return Page([], None, back, ends.estimated) if cursor.forward else Page([], back, None, ends.estimated)
