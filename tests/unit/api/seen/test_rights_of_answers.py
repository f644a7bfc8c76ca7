"""Nothing outside a caller's rights is ever in an answer, and everything inside is: random rights, random footage."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.access.scope import RIGHTS, Grant, Scope
from api.auth import require
from infra import clock
from schemas.facts import EpisodeAccepted, MediaConfigured, SegmentRecorded
from schemas.intervals import Span, clip, total_ms, union
from tests.accepted_facts import accepted
from tests.alarm_facts import alarm
from tests.footage_facts import segment
from tests.unit.api.client import World

NOW_MS = 1_790_000_000_000
CAMERAS = ("gate", "roof", "yard")
HOUR_MS = 3_600_000
LENGTH_MS = 4000
STARTS = st.integers(0, 60).map(lambda number: NOW_MS - number * 1_700_000 - LENGTH_MS)
GRANTS = st.builds(
    Grant, st.frozensets(st.sampled_from(RIGHTS)), st.none() | st.integers(0, 30).map(lambda hours: hours * HOUR_MS)
)
WINDOWS = st.none() | st.tuples(STARTS, st.integers(1, 20 * HOUR_MS)).map(lambda two: Span(two[0], sum(two)))
SCOPES = st.builds(
    lambda grants, window: Scope(who="anna", user="anna", via="session", admin=False, grants=grants, window=window),
    st.dictionaries(st.sampled_from(CAMERAS), GRANTS), WINDOWS,
)  # fmt: skip
MARKS = st.lists(st.tuples(st.sampled_from(CAMERAS), STARTS, st.integers(0, 3 * HOUR_MS)), max_size=7)


@pytest.fixture(autouse=True)
def stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now_ms", lambda: NOW_MS)


@contextmanager
def filled(scope: Scope, footage: list[tuple[str, int]], marks: list[tuple[str, int, int]]) -> Iterator[World]:
    world = World()
    world.app.dependency_overrides[require] = lambda: scope
    for media in CAMERAS:
        world.archive.show(MediaConfigured(media=media, observed_ms=1))
    world.archive.facts = [recorded(*one) for one in sorted(set(footage))]
    for number, (media, start_ms, length_ms) in enumerate(marks):
        world.episodes.accept(mark(number, media, start_ms, length_ms))
        world.alarms.receive(alarm(number, media, start_ms))
    try:
        yield world
    finally:
        world.app.dependency_overrides.clear()


def recorded(media: str, start_ms: int) -> SegmentRecorded:
    return segment(media, start_ms, LENGTH_MS)


def mark(number: int, media: str, start_ms: int, length_ms: int) -> EpisodeAccepted:
    end_ms = start_ms + length_ms
    times = {"opened_at": start_ms, "updated_at": end_ms, "closed_at": end_ms}
    return accepted(at_ms=end_ms, episode_id=number, media=media, **times)


def reach(scope: Scope, media: str) -> Span:
    """What the caller may look at, written anew; empty: nothing."""
    grant = (scope.grants or {}).get(media, Grant(frozenset()))
    if "archive" not in grant.rights:
        return Span(0, 0)
    since_ms = 0 if grant.depth_ms is None else NOW_MS - grant.depth_ms
    window = scope.window or Span(0, 2 * NOW_MS)
    return Span(max(since_ms, window.start_ms), window.end_ms)


def inside(scope: Scope, media: str, start_ms: int, end_ms: int) -> bool:
    span = reach(scope, media)
    return span.start_ms <= start_ms < span.end_ms and end_ms <= span.end_ms


def followed(world: World, path: str, name: str, **query: Any) -> list[dict[str, Any]]:
    """All pages of a list; no page is longer than asked for."""
    told, cursor = [], None
    while True:
        answer = world.get(path, limit=3, **query | ({"cursor": cursor} if cursor else {})).raise_for_status().json()
        assert len(answer[name]) <= 3
        told += answer[name]
        if (cursor := answer["next"]) is None:
            return told


@settings(max_examples=30, deadline=None)
@given(SCOPES, MARKS, st.sampled_from(("opened_at", "-opened_at", "-updated_at", "ended_at")))
def test_lists_hold_what_lies_inside_the_rights_and_nothing_else(
    scope: Scope, marks: list[tuple[str, int, int]], sort: str
) -> None:
    with filled(scope, [], marks) as world:
        shown = followed(world, "episodes", "episodes", sort=sort)
        wanted = {n for n, (media, at, length) in enumerate(marks) if inside(scope, media, at, at + length)}
        assert sorted(int(one["episode_id"]) for one in shown) == sorted(wanted)
        mailed = followed(world, "alarms", "alarms")
        expected = sorted((media, at) for media, at, _ in marks if inside(scope, media, at, at))
        assert sorted((one["media"], one["received_ms"]) for one in mailed) == expected
        for number, (media, _, _) in enumerate(marks[:3]):
            assert world.get(f"episodes/{number}").is_success == (number in wanted)
            assert world.get(f"episodes/{number}/versions", media=media).is_success == (number in wanted)


@settings(max_examples=30, deadline=None)
@given(SCOPES, st.lists(st.tuples(st.sampled_from(CAMERAS), STARTS), max_size=10), MARKS, STARTS)
def test_footage_is_told_as_far_as_rights_reach_and_no_further(
    scope: Scope, footage: list[tuple[str, int]], marks: list[tuple[str, int, int]], from_ms: int
) -> None:
    asked = {"from_ms": from_ms, "to_ms": NOW_MS}
    with filled(scope, footage, marks) as world:
        for media in CAMERAS:
            answers = [
                world.get(f"media/{media}/ranges", **asked), world.get(f"media/{media}/days"),
                world.get(f"media/{media}/activity", **asked, step_ms=HOUR_MS),
            ]  # fmt: skip
            if not scope.may("archive", media):
                assert {one.status_code for one in answers} == {403 if scope.sees(media) else 404}
                continue
            ranges, days, activity = (one.raise_for_status().json() for one in answers)
            spans = union(Span(at, at + LENGTH_MS) for name, at in footage if name == media)
            shown = clip(spans, reach(scope, media))
            expected = clip(shown, Span(start_ms=from_ms, end_ms=NOW_MS))
            assert [Span(**one) for one in ranges["recorded"]] == expected
            opened = [at for name, at, length in marks if name == media and inside(scope, name, at, at + length)]
            assert sum(one["recorded_ms"] for one in days["days"]) == total_ms(shown)
            assert sum(one["episodes"] for one in days["days"]) == len(opened)
            assert sum(activity["recorded_ms"]) == total_ms(expected)
            assert sum(activity["episodes"]) == sum(from_ms <= at < NOW_MS for at in opened)


@settings(max_examples=25, deadline=None)
@given(SCOPES, st.lists(st.tuples(st.sampled_from(CAMERAS), STARTS), min_size=1, max_size=10))
def test_playlists_name_no_footage_that_began_before_what_may_be_watched(
    scope: Scope, footage: list[tuple[str, int]]
) -> None:
    with filled(scope, footage, []) as world:
        for media in CAMERAS:
            answer = world.get(f"media/{media}/archive.m3u8", from_ms=0, to_ms=NOW_MS)
            grant = (scope.grants or {}).get(media, Grant(frozenset()))
            since_ms = 0 if grant.depth_ms is None else NOW_MS - grant.depth_ms
            span = reach(scope, media)
            for fact in world.archive.facts:
                may = (
                    fact.media == media
                    and fact.start_ms >= max(since_ms, 0)
                    and bool(clip([Span(fact.start_ms, fact.end_ms)], span))
                )
                assert (fact.object_key in answer.text) == may
