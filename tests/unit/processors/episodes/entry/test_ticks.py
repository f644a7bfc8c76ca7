"""Time is told where an episode of ours may be open, and nowhere else."""

from processors.episodes.entry.ticks import Ticks
from processors.episodes.rules import PATIENCE

START_MS, EVERY_MS, TIMEOUT_MS = 1_790_000_000_000, 10_000, 300_000
WINDOW_MS = TIMEOUT_MS + 2 * EVERY_MS


def ticks() -> Ticks:
    return Ticks(range(3), START_MS, EVERY_MS, TIMEOUT_MS)


def told(made: Ticks, at_ms: int) -> list[int]:
    return [tick.partition for tick in made.due(at_ms)]


def test_at_first_every_partition_is_told_until_what_was_open_before_must_be_closed() -> None:
    made = ticks()
    times = range(START_MS, START_MS + 2 * WINDOW_MS, EVERY_MS)
    assert [at_ms - START_MS for at_ms in times if told(made, at_ms)] == list(
        range(0, WINDOW_MS + 1 + EVERY_MS, EVERY_MS)
    )


def test_time_is_told_no_more_often_than_it_was_asked_for_and_never_backwards() -> None:
    made = ticks()
    assert told(made, START_MS) == [0, 1, 2]
    assert told(made, START_MS + EVERY_MS - 1) == []
    assert told(made, START_MS - EVERY_MS) == []
    assert told(made, START_MS + EVERY_MS) == [0, 1, 2]


def test_a_partition_that_hears_of_an_episode_of_ours_is_told_again() -> None:
    made = ticks()
    later_ms = START_MS + 10 * WINDOW_MS
    told(made, later_ms - 1)
    made.heard(1, later_ms)
    assert told(made, later_ms + TIMEOUT_MS) == [1]


def test_a_mark_wants_one_tick_when_patience_with_its_processor_ends() -> None:
    made = ticks()
    told(made, START_MS + 2 * PATIENCE * TIMEOUT_MS)
    later_ms = START_MS + 3 * PATIENCE * TIMEOUT_MS
    made.heard(1, later_ms, is_mark=True)
    times = range(later_ms, later_ms + PATIENCE * TIMEOUT_MS + 3 * EVERY_MS, EVERY_MS)
    assert [at_ms for at_ms in times if told(made, at_ms)] == [later_ms + PATIENCE * TIMEOUT_MS + EVERY_MS]


def test_though_time_leaps_every_partition_learns_once_that_its_last_episode_has_timed_out() -> None:
    made = ticks()
    made.heard(2, START_MS + 9 * WINDOW_MS)
    assert told(made, START_MS + 99 * WINDOW_MS) == [0, 1, 2]
    assert told(made, START_MS + 199 * WINDOW_MS) == []
