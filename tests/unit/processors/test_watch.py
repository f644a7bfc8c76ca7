"""When a worker is stuck: work, no reason, and nothing done for thirty seconds."""

import pytest

from processors.watch import Stuck, Watch, lag


def test_lag_without_progress_is_stuck_after_thirty_seconds_and_not_before() -> None:
    watch = Watch(0)
    watch.look(5, 100, 1, 1)
    watch.look(5, 100, 1, 30.9)
    with pytest.raises(Stuck, match="100 facts"):
        watch.look(5, 100, 1, 31)


@pytest.mark.parametrize(("done", "behind", "members"), [(6, 100, 1), (5, 0, 1)], ids=["progress", "no lag"])
def test_progress_or_nothing_to_do_is_an_excuse(done: int, behind: int, members: int) -> None:
    watch = Watch(0)
    watch.look(5, 100, 1, 1)
    watch.look(done, behind, members, 30)
    watch.look(done, 100, 1, 59)


def test_a_broker_that_is_away_is_an_excuse() -> None:
    watch = Watch(0)
    watch.look(5, 100, 1, 1)
    watch.excuse(40)
    watch.look(5, 100, 1, 69)


def test_nobody_in_the_group_is_stuck_even_without_lag() -> None:
    watch = Watch(0)
    watch.look(5, 0, 0, 1)
    with pytest.raises(Stuck, match="no seat"):
        watch.look(5, 0, 0, 31)


def test_lag_counts_our_partitions_from_where_they_begin() -> None:
    assert lag({0: (0, 10), 1: (5, 9), 2: (0, 99)}, {0: 4, 1: 0}) == 6 + 4
