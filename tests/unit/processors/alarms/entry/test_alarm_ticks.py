"""Time is told where marks may stand open, and nowhere else."""

from processors.alarms.entry.ticks import Ticks

NOW_MS, EVERY_MS = 1_790_000_000_000, 10_000


def told(ticks: Ticks, at_ms: int) -> list[int]:
    found = ticks.due(at_ms)
    assert {tick.observed_ms for tick in found} <= {at_ms}
    return [tick.partition for tick in found]


def test_a_partition_where_nothing_stands_open_is_told_nothing() -> None:
    ticks = Ticks(EVERY_MS)
    assert not ticks.is_due(NOW_MS)
    assert told(ticks, NOW_MS) == []


def test_a_partition_is_told_the_time_until_its_last_episode_may_be_closed_and_once_after() -> None:
    ticks = Ticks(EVERY_MS)
    ticks.heard(3, NOW_MS + 25_000)
    ticks.heard(3, NOW_MS)
    times = range(NOW_MS, NOW_MS + 100_000, EVERY_MS)
    assert [at_ms - NOW_MS for at_ms in times if told(ticks, at_ms)] == [0, 10_000, 20_000, 30_000]


def test_time_is_told_no_more_often_than_it_was_asked_for_and_never_backwards() -> None:
    ticks = Ticks(EVERY_MS)
    ticks.heard(0, NOW_MS + 90_000)
    assert told(ticks, NOW_MS) == [0]
    assert told(ticks, NOW_MS + EVERY_MS - 1) == []
    assert told(ticks, NOW_MS - EVERY_MS) == []
    assert told(ticks, NOW_MS + EVERY_MS) == [0]


def test_though_time_leaps_every_partition_is_told_once_more() -> None:
    ticks = Ticks(EVERY_MS)
    ticks.heard(1, NOW_MS)
    ticks.heard(0, NOW_MS + 5)
    assert told(ticks, NOW_MS + 9_000_000) == [0, 1]
    assert not ticks.is_due(NOW_MS + 99_000_000)
