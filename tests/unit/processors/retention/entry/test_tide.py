"""Footage is told once a measurement was made after it."""

from processors.retention.entry.tide import Mark, Tide


def tide(footage: int = 10, policies: int = 2, times: int = 5) -> Tide:
    made = Tide()
    assert made.wants_mark
    made.mark(Mark({0: footage}, {0: policies}, {0: times}))
    return made


def test_nothing_may_be_told_before_a_first_measurement() -> None:
    assert not Tide().covers(0, 0)
    assert not tide().covers(0, 0)


def test_footage_before_the_mark_is_covered_by_the_first_measurement_behind_it_and_no_other() -> None:
    one = tide()
    assert not one.rise({0: 2}, {0: 5}), "that measurement was made before"
    assert one.rise({0: 2}, {0: 6})
    assert one.covers(0, 9)
    assert not one.covers(0, 10)
    assert not one.covers(1, 0)
    assert one.wants_mark


def test_footage_waits_until_it_is_known_how_its_cameras_are_kept() -> None:
    one = tide(policies=3)
    assert not one.rise({0: 2}, {0: 9})
    assert one.rise({0: 3}, {0: 9})


def test_what_was_covered_stays_so_while_the_next_tide_rises() -> None:
    one = tide()
    one.rise({0: 2}, {0: 6})
    one.mark(Mark({0: 20}, {0: 2}, {0: 6}))
    assert not one.rise({0: 2}, {0: 6})
    assert one.covers(0, 9)
    assert one.rise({0: 2}, {0: 7})
    assert one.covers(0, 19)
