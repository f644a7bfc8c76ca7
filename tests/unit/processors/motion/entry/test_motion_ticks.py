"""Time is told where an episode may stand open, and once more."""

from processors.motion.entry.ticks import Ticks


def test_a_partition_is_told_while_something_may_be_open_and_once_after() -> None:
    ticks = Ticks(1000)
    assert ticks.due(5000) == []
    ticks.heard(3, 7000)
    told = []
    for at_ms in range(5000, 12_000, 500):
        for partition in ticks.due(at_ms):
            told.append((partition, ticks.tick(partition, at_ms).observed_ms))
    assert told == [(3, 5000), (3, 6000), (3, 7000), (3, 8000)]


def test_news_keeps_it_going_and_what_is_another_s_is_forgotten() -> None:
    ticks = Ticks(1000)
    ticks.heard(1, 3000)
    ticks.heard(1, 2000)
    ticks.tick(1, 2500)
    assert ticks.due(3499) == []
    assert ticks.due(3500) == [1]
    ticks.forget(1)
    assert ticks.due(9000) == []
