"""The feed: every change once, in the order of its episode, whoever asks how; waiting costs one look for all."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.episodes import feed as feeds
from api.episodes.cursors import Position, Since
from api.episodes.feed import Feed, Told
from api.episodes.watch import Watch, is_beyond
from infra import clock
from infra.clickhouse import DatabaseUnavailable
from projections.episodes.reads import Search, StoredEpisode, Vector
from schemas.visible import Visible
from tests.accepted_facts import BEGAN_MS, CAMERAS, EPISODES, SEARCHES, accepted, versions_of
from tests.memory_episodes import MemoryEpisodes, matches

NOTHING = Search()
QUICK = 0.01
WAIT_S, FOR_EVER_S = 60, 3600


def feed_of(episodes: MemoryEpisodes) -> Feed:
    return Feed(episodes, Watch(episodes.progress, every_s=QUICK))


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, WAIT_S))


async def until(is_so: Callable[[], object]) -> None:
    while not is_so():  # noqa: ASYNC110 - what a thread has asked sets no event
        await asyncio.sleep(0.005)


async def looked(episodes: MemoryEpisodes, times: int = 3) -> None:
    """Returns once whoever waits has looked so often again."""
    before = episodes.asked.count("progress")
    await until(lambda: episodes.asked.count("progress") >= before + times)


def names(found: list[StoredEpisode]) -> list[tuple[str, int, int]]:
    return [(one.media, one.episode_id, one.version) for one in found]


async def everything() -> None:
    """A reader may see all of it, at any time."""


def change(number: int, partition: int = 0, **fields: Any) -> tuple[Any, int]:
    given = {"episode_id": number, "opened_at": BEGAN_MS, "updated_at": BEGAN_MS + number}
    return accepted(at_ms=BEGAN_MS + number, **(given | fields)), partition


def holding(*changes: tuple[Any, int]) -> MemoryEpisodes:
    made = MemoryEpisodes()
    for fact, partition in changes:
        made.accept(fact, partition)
    return made


async def drained(feed: Feed, search: Search, start: Position | Since | None, limit: int) -> list[StoredEpisode]:
    told, found = Told([], start), []  # type: ignore[arg-type]

    async def visible() -> Visible:
        return search.visible

    while (told := await feed.poll(search, told.next, limit, 0, visible)).episodes:
        found += told.episodes
    return found


@settings(max_examples=60, deadline=None)
@given(EPISODES, SEARCHES, st.integers(1, 7), st.permutations((0, 2, 5)))
def test_a_reader_that_keeps_next_sees_every_change_once_and_in_order(
    drawn: list[dict[str, Any]], asked: dict[str, Any], limit: int, partitions: list[int]
) -> None:
    asked.pop("updated_at_gt", None)
    search, episodes = Search(**asked), MemoryEpisodes()
    for fact in versions_of(drawn):
        episodes.accept(fact, partitions[CAMERAS.index(fact.media)])
    found = run(drained(feed_of(episodes), search, Position(offsets=()), limit))
    assert sorted(names(found)) == sorted(names([one for one in episodes.all if matches(search, one)]))
    for episode in {(one.media, one.episode_id) for one in found}:
        order = [one.version for one in found if (one.media, one.episode_id) == episode]
        assert order == sorted(order)


@settings(max_examples=60, deadline=None)
@given(EPISODES, st.integers(1, 7), st.integers(0, 40))
def test_a_start_by_update_tells_what_was_updated_later_by_update_and_then_goes_on(
    drawn: list[dict[str, Any]], limit: int, steps: int
) -> None:
    facts = versions_of(drawn)
    episodes, after_ms = MemoryEpisodes(), BEGAN_MS + 100 * steps
    for fact in facts[: len(facts) // 2]:
        episodes.accept(fact)
    feed = feed_of(episodes)

    async def read() -> tuple[list[StoredEpisode], list[StoredEpisode]]:
        told = await feed.poll(Search(updated_at_gt=after_ms), None, limit, 0, everything)
        first = list(told.episodes)
        for fact in facts[len(facts) // 2 :]:
            episodes.accept(fact)
        return first, first + await drained(feed, NOTHING, told.next, limit)

    first, found = run(read())
    expected = [one for one in episodes.all if one.src_offset >= len(facts) // 2 or one.updated_ms > after_ms]
    assert [one.updated_ms for one in first] == sorted(one.updated_ms for one in first)
    assert sorted(names(found)) == sorted(names(expected))


@settings(max_examples=60, deadline=None)
@given(EPISODES, st.integers(1, 4))
def test_a_reader_that_keeps_only_the_largest_update_misses_nothing(drawn: list[dict[str, Any]], limit: int) -> None:
    episodes = MemoryEpisodes()
    for fact in versions_of(drawn):
        episodes.accept(fact)
    feed = feed_of(episodes)

    async def read() -> list[StoredEpisode]:
        found: list[StoredEpisode] = []
        largest = 1_000_000_000_000
        while (told := await feed.poll(Search(updated_at_gt=largest), None, limit, 0, everything)).episodes:
            found += told.episodes
            largest = max(one.updated_ms for one in told.episodes)
        return found

    assert sorted(names(run(read()))) == sorted(names(episodes.all))


def test_what_was_taken_a_moment_ago_waits_for_its_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    now_ms = clock.now_ms()
    old, fresh = change(1), (accepted(at_ms=now_ms, episode_id=2, updated_at=now_ms), 1)
    feed = feed_of(holding(old, fresh))
    waits_s: list[float] = []
    real = asyncio.sleep

    async def passes(seconds: float) -> None:
        waits_s.append(seconds)
        await real(0)

    monkeypatch.setattr("api.episodes.feed.asyncio.sleep", passes)
    monkeypatch.setattr(clock, "now_ms", lambda: now_ms + round(sum(waits_s) * 1000))

    async def read() -> tuple[Told, Told]:
        first = await feed.poll(Search(updated_at_gt=BEGAN_MS), None, 10, 0, everything)
        return first, await feed.poll(Search(updated_at_gt=BEGAN_MS + 1), None, 10, FOR_EVER_S, everything)

    first, second = run(read())
    assert [one.episode_id for one in first.episodes] == [1]
    assert [one.episode_id for one in second.episodes] == [2]
    assert waits_s == [feeds.SETTLE_MS / 1000]


def test_nothing_fresh_is_lost_to_a_reader_that_keeps_next() -> None:
    now_ms = clock.now_ms()
    feed = feed_of(holding(change(1), (accepted(at_ms=now_ms, episode_id=2, updated_at=now_ms), 1)))

    async def read() -> list[StoredEpisode]:
        told = await feed.poll(Search(updated_at_gt=BEGAN_MS), None, 10, 0, everything)
        return told.episodes + await drained(feed, NOTHING, told.next, 10)

    assert [one.episode_id for one in run(read())] == [1, 2]


def test_a_poll_answers_as_soon_as_there_is_a_change() -> None:
    episodes = holding(change(1))
    feed = feed_of(episodes)

    async def read() -> Told:
        waiting = asyncio.create_task(feed.poll(NOTHING, Position(offsets=(1,)), 10, FOR_EVER_S, everything))
        await looked(episodes)
        assert not waiting.done()
        episodes.accept(*change(2))
        return await waiting

    assert [one.episode_id for one in run(read()).episodes] == [2]


def test_a_poll_without_a_change_ends_in_time_and_says_how_to_go_on() -> None:
    told = run(feed_of(holding(change(1))).poll(NOTHING, Position(offsets=(1,)), 10, 0.1, everything))
    assert told == Told([], Position(offsets=(1,)))


def test_a_change_of_another_camera_wakes_nobody_but_is_behind_him() -> None:
    episodes = holding(change(1))
    feed = feed_of(episodes)

    async def read() -> Told:
        asked = feed.poll(Search(media=("yard",)), Position(offsets=(1,)), 10, FOR_EVER_S, everything)
        waiting = asyncio.create_task(asked)
        await looked(episodes)
        episodes.accept(*change(2))
        await until(lambda: "between" in episodes.asked)
        await looked(episodes)
        assert not waiting.done()
        feed.close()
        return await waiting

    assert run(read()) == Told([], Position(offsets=(2,)))


def test_five_hundred_who_wait_for_the_same_cost_one_look_at_a_time() -> None:
    episodes = holding(change(1))
    feed = feed_of(episodes)

    async def read() -> list[Told]:
        start = Position(offsets=(1,))
        waiting = [asyncio.create_task(feed.poll(NOTHING, start, 10, FOR_EVER_S, everything)) for _ in range(500)]
        await looked(episodes, 20)
        episodes.accept(*change(2))
        return await asyncio.gather(*waiting)

    assert all([one.episode_id for one in told.episodes] == [2] for told in run(read()))
    assert episodes.asked.count("between") <= 5
    assert episodes.asked.count("progress") < 120


def test_closing_sends_everybody_home_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "HEARTBEAT_S", FOR_EVER_S)
    episodes = holding(change(1))
    feed = feed_of(episodes)

    async def read() -> list[Told]:
        waiting = [asyncio.create_task(feed.poll(NOTHING, None, 10, FOR_EVER_S, everything)) for _ in range(20)]
        following = asyncio.create_task(_all(feed))
        await looked(episodes, 10)
        feed.close()
        told = await asyncio.gather(*waiting)
        await following
        return told

    assert all(one == Told([], Position(offsets=(1,))) for one in run(read()))


async def _all(feed: Feed) -> None:
    async for _ in feed.follow(NOTHING, None, everything):
        pass


def test_a_stream_tells_where_it_stands_even_when_nothing_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "HEARTBEAT_S", 0.05)
    episodes = holding(change(1))
    feed = feed_of(episodes)

    async def read() -> list[feeds.Stretch]:
        found = []
        async for stretch in feed.follow(NOTHING, None, everything):
            found.append(stretch)
            if len(found) == 2:
                episodes.accept(*change(2))
            if stretch.episodes:
                return found
        return found

    found = run(read())
    assert [(len(one.episodes), one.until) for one in found[:2]] == [(0, (1,)), (0, (1,))]
    assert (names(found[-1].episodes), found[-1].until) == ([("gate", 2, 1)], (2,))


def test_a_database_that_is_away_ends_no_wait() -> None:
    episodes = holding(change(1))
    answers: list[Callable[[], Vector]] = [_away, _away]

    def progress() -> Vector:
        return answers.pop()() if answers else episodes.progress()

    async def read() -> bool:
        return await Watch(progress, every_s=QUICK).beyond((), WAIT_S)

    assert run(read())


def _away() -> Vector:
    raise DatabaseUnavailable("away")


def test_a_bug_in_the_look_is_told_to_who_waits() -> None:
    def broken() -> Vector:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(Watch(broken, every_s=QUICK).beyond((), WAIT_S))


BEYOND = {
    "the same": ((1, 2), (1, 2), False),
    "one further": ((1, 3), (1, 2), True),
    "one behind": ((0, 2), (1, 2), False),
    "a new partition": ((1, 2, 1), (1, 2), True),
    "a new one that is empty": ((1, 2, 0), (1, 2), False),
    "fewer": ((1,), (1, 2), False),
}


@pytest.mark.parametrize(("seen", "known", "expected"), BEYOND.values(), ids=BEYOND.keys())
def test_a_position_is_beyond_when_one_partition_is_further(seen: Vector, known: Vector, expected: bool) -> None:
    assert is_beyond(seen, known) is expected
