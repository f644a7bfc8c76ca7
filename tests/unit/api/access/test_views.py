"""What is looked at is told together: once a minute, once it ends, and never more than there is room for."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from api.access.views import JOIN_MS, MOST_STRETCHES, OVER_MS, TOLD_MS, Doing, Views
from schemas.intervals import Span, covers

NOW = 1_767_571_200_000


def doing(who: str = "anna", media: str = "gate", what: str = "pictures") -> Doing:
    return Doing(who, "session", "10.0.0.7", "viewed", media, what)


def test_looking_is_told_once_when_it_has_ended() -> None:
    views = Views()
    for number in range(7):
        assert views.saw(doing(), Span(NOW + number, NOW + number + 1), NOW + number)
    assert views.due(NOW + OVER_MS) == []
    (one,) = views.due(NOW + 6 + OVER_MS)
    assert one == (doing(), 7, NOW + 6, Span(NOW, NOW + 7))
    assert views.due(NOW + 10 * OVER_MS) == []


def test_looking_that_goes_on_is_told_every_minute() -> None:
    views = Views()
    told = []
    for at_ms in range(NOW, NOW + 5 * TOLD_MS, 2000):
        views.saw(doing(what="live playlists"), None, at_ms)
        told += views.due(at_ms)
    assert [one.times for one in told] == [31] * 4
    assert [one.stretch for one in told] == [None] * 4


def test_people_cameras_and_kinds_are_kept_apart() -> None:
    views = Views()
    each = [doing(), doing("bob"), doing(media="yard"), doing(what="playlists")]
    for one in each:
        views.saw(one, None, NOW)
    assert sorted(views.rest()) == sorted((one, 1, NOW, None) for one in each)
    assert len(views) == 0


def test_stretches_far_from_each_other_are_facts_of_their_own() -> None:
    views = Views()
    day_ms = 86_400_000
    for day in (0, 1, 2):
        views.saw(doing(), Span(NOW - day * day_ms, NOW - day * day_ms + 5), NOW)
    assert [one.stretch for one in views.rest()] == [
        Span(NOW - day * day_ms, NOW - day * day_ms + 5) for day in (2, 1, 0)
    ]


def test_an_entry_for_which_there_is_no_room_is_refused_and_those_there_go_on() -> None:
    views = Views(most=2)
    assert views.saw(doing("a"), None, NOW)
    assert views.saw(doing("b"), None, NOW)
    assert not views.saw(doing("c"), None, NOW)
    assert views.saw(doing("a"), None, NOW)
    assert [(one.doing.who, one.times) for one in views.rest()] == [("a", 2), ("b", 1)]


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 10**6)), min_size=1, max_size=60))
def test_every_stretch_that_was_seen_is_covered_by_few_facts(seen: list[tuple[int, int]]) -> None:
    views = Views()
    for start_ms, length_ms in seen:
        views.saw(doing(), Span(start_ms, start_ms + length_ms), NOW)
    told = [one.stretch for one in views.rest() if one.stretch]
    assert len(told) <= MOST_STRETCHES
    assert all(covers(told, Span(start_ms, start_ms + length_ms)) for start_ms, length_ms in seen)
    assert all(after.start_ms - before.end_ms > JOIN_MS for before, after in pairwise(told))
