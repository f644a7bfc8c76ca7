"""Pages: nothing told twice, nothing left out, whatever is inserted meanwhile; a cursor of another list is refused."""

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.episodes import cursors, pages
from api.episodes.asked import SortBy, order_of
from api.episodes.cursors import Position
from api.errors import Problem
from projections.episodes.reads import Order, Search
from tests.accepted_facts import BEGAN_MS, EPISODES, SEARCHES, accepted, versions_of
from tests.memory_episodes import MemoryEpisodes

ORDERS = st.sampled_from([Order(by, down) for by in ("opened_at", "updated_at", "ended_at") for down in (True, False)])
FIRST = Order("opened_at", True)


def archive(drawn: list[dict[str, Any]]) -> MemoryEpisodes:
    made = MemoryEpisodes()
    for fact in versions_of(drawn):
        made.accept(fact)
    return made


def walked(episodes: MemoryEpisodes, search: Search, order: Order, limit: int, arriving: list[Any]) -> list[Any]:
    """Every page to the end, one more episode arriving before each; then all the way back."""
    shown, cursor = [], None
    while True:
        found = pages.page(episodes, search, order, limit, cursor)
        shown.append(found)
        if arriving:
            episodes.accept(arriving.pop())
        if found.next is None:
            return shown
        cursor = found.next


@given(EPISODES, SEARCHES, ORDERS, st.integers(1, 5))
def test_pages_put_together_are_the_list(
    drawn: list[dict[str, Any]], asked: dict[str, Any], order: Order, limit: int
) -> None:
    episodes, search = archive(drawn), Search(**asked)
    shown = walked(episodes, search, order, limit, [])
    assert [one for page in shown for one in page.episodes] == episodes.page(search, order, 1000)
    assert {page.estimated_count for page in shown} == {len(episodes.page(search, order, 1000))}


@given(EPISODES, ORDERS, st.integers(1, 5), st.lists(st.integers(0, 60), max_size=10))
def test_nothing_that_was_there_is_told_twice_or_left_out_while_others_arrive(
    drawn: list[dict[str, Any]], order: Order, limit: int, times: list[int]
) -> None:
    episodes = archive(drawn)
    there = episodes.page(Search(), order, 1000)
    opened = [BEGAN_MS - 1000 + 50 * number for number in times]
    arriving = [accepted(episode_id=900 + n, opened_at=at, updated_at=at) for n, at in enumerate(opened)]
    shown = [one for page in walked(episodes, Search(), order, limit, arriving) for one in page.episodes]
    assert [one for one in shown if one.episode_id < 900 or one.episode_id > 1000] == there
    assert len(shown) == len(set(map(order.place, shown)))


@given(EPISODES, ORDERS, st.integers(1, 5))
def test_the_way_back_shows_the_same_pages(drawn: list[dict[str, Any]], order: Order, limit: int) -> None:
    episodes = archive(drawn)
    there = walked(episodes, Search(), order, limit, [])
    back, cursor = [there[-1]], there[-1].prev
    while cursor:
        back.append(pages.page(episodes, Search(), order, limit, cursor))
        cursor = back[-1].prev
    assert [one for page in reversed(back) for one in page.episodes] == episodes.page(Search(), order, 1000)


def test_an_emptied_end_leads_back_to_where_one_was() -> None:
    episodes = archive([{"media": "gate", "episode_id": n, "opened_at": BEGAN_MS} for n in (1, 2, 3)])
    second = pages.page(episodes, Search(), FIRST, 2, None).next
    last = [one for one in episodes.all if one.episode_id == 1]
    episodes.all = [one for one in episodes.all if one not in last]
    empty = pages.page(episodes, Search(), FIRST, 2, second)
    assert (empty.episodes, empty.next) == ([], None)
    assert [one.episode_id for one in pages.page(episodes, Search(), FIRST, 2, empty.prev).episodes] == [3, 2]


def test_what_fits_on_one_page_is_not_counted_again() -> None:
    episodes = archive([{"media": "gate", "episode_id": n, "opened_at": BEGAN_MS} for n in range(5)])
    found = pages.page(episodes, Search(), FIRST, 100, None)
    assert (found.next, found.prev, found.estimated_count) == (None, None, 5)
    pages.page(episodes, Search(), FIRST, 2, pages.page(episodes, Search(), FIRST, 2, None).next)
    assert episodes.asked.count("count") == 1


CURSORS = {
    "other filters": (Search(media=("gate",)), FIRST),
    "another sort": (Search(), Order("updated_at", True)),
    "the other direction": (Search(), Order("opened_at", False)),
}


@pytest.mark.parametrize(("search", "order"), CURSORS.values(), ids=CURSORS.keys())
def test_a_cursor_of_another_question_is_refused(search: Search, order: Order) -> None:
    episodes = archive([{"media": "gate", "episode_id": n, "opened_at": BEGAN_MS} for n in (1, 2, 3)])
    cursor = pages.page(episodes, Search(), FIRST, 1, None).next
    with pytest.raises(Problem, match="belongs to other filters or another sort"):
        pages.page(episodes, search, order, 1, cursor)


def test_a_cursor_of_the_feed_is_no_place_in_a_list() -> None:
    with pytest.raises(Problem, match="poll_timeout"):
        pages.page(MemoryEpisodes(), Search(), FIRST, 1, cursors.seal(Position(offsets=(1, 2))))


@given(st.text(max_size=40) | st.binary(max_size=40).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_a_cursor_that_nobody_made_is_a_problem_and_never_a_crash(text: str) -> None:
    with pytest.raises(Problem) as told:
        cursors.page_cursor(text, Search(), FIRST)
    assert told.value.status == 400


@pytest.mark.parametrize("sort", SortBy.__args__)  # type: ignore[attr-defined]
def test_every_sort_names_a_field_and_a_direction(sort: str) -> None:
    order = order_of(sort)  # type: ignore[arg-type]
    assert sort == ("-" if order.descending else "") + order.by
