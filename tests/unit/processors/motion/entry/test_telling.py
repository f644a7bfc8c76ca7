"""What was appended is told until it is acknowledged, in its order."""

import pytest

from infra.log import LogUnavailable
from processors.motion.entry.telling import Telling
from schemas.motion import MotionTicked
from tests.fakes import FakeLog


def ticks(count: int) -> list[MotionTicked]:
    return [MotionTicked(partition=0, observed_ms=number) for number in range(1, count + 1)]


def test_who_waits_for_an_acknowledgement_hears_of_it_in_order() -> None:
    log, heard = FakeLog(), list[int]()
    telling = Telling(log)
    for tick in ticks(3):
        telling.tell(tick, lambda at: heard.append(at.offset))
    assert (heard, len(telling)) == ([], 3)
    telling.settle()
    assert (heard, len(telling)) == ([0, 1, 2], 0)


def test_what_failed_is_told_again_and_nothing_behind_it_is_heard_before() -> None:
    log, heard = FakeLog(), list[int]()
    telling = Telling(log)
    log.down = True
    first, second = ticks(2)
    telling.tell(first, lambda _: heard.append(1))
    log.down = False
    telling.tell(second, lambda _: heard.append(2))
    with pytest.raises(LogUnavailable):
        telling.settle()
    assert heard == []
    telling.settle()
    assert heard == [1, 2]
    assert [fact.observed_ms for fact in log.facts if isinstance(fact, MotionTicked)] == [2, 1]


def test_a_fact_goes_where_it_is_sent() -> None:
    log = FakeLog()
    Telling(log).tell(ticks(1)[0], partition=7)
    assert log.records[0].partition == 7
