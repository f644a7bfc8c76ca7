"""When the partitions of ``holds`` are told the time."""

from processors.protection.entry.ticks import Ticks


def test_every_partition_of_ours_is_told_the_time_whatever_the_wall_clock_does() -> None:
    ticks = Ticks(1000)
    first = ticks.due({1, 0}, 5_000_000, 70, "boot")
    assert [(one.partition, one.observed_ms, one.uptime_ms, one.boot_id) for one in first] == [
        (0, 5_000_000, 70, "boot"), (1, 5_000_000, 70, "boot"),
    ]  # fmt: skip
    assert ticks.due({1, 0}, 9_000_000, 1069, "boot") == []
    assert [one.partition for one in ticks.due({1, 0}, 3, 1070, "boot")] == [0, 1]


def test_a_partition_that_comes_is_told_at_once_and_one_that_went_is_forgotten() -> None:
    ticks = Ticks(1000)
    ticks.due({0}, 1, 100, "boot")
    assert [one.partition for one in ticks.due({1}, 1, 200, "boot")] == [1]
    assert [one.partition for one in ticks.due({0, 1}, 1, 300, "boot")] == [0]
