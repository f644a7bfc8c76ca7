import threading

import pytest

from infra.health import Beat
from infra.loop import Loop, Stopped, settle
from tests.fakes import FakeLog


class CountedBeat(Beat):
    """``touches``: how often the loop has gone round."""

    touches = 0

    def touch(self) -> None:
        self.touches += 1


class AnsweredLate(FakeLog):
    """``left``: so many times it is asked in vain."""

    left = 3

    def flush(self, timeout_s: float) -> int:
        self.left -= 1
        return max(0, self.left)


def test_a_loop_beats_and_goes_on_until_told_to_stop() -> None:
    stopping, beat = threading.Event(), CountedBeat()
    loop = Loop(stopping, beat)
    assert (loop.goes_on(), loop.goes_on(0.001)) == (True, True)
    stopping.set()
    assert (loop.goes_on(), loop.goes_on(60)) == (False, False)
    assert beat.touches == 4


def test_what_is_told_is_waited_for_as_long_as_the_loop_goes_on() -> None:
    log, answers = AnsweredLate(), iter([True, True])
    settle(log, lambda: next(answers))
    assert (log.left, list(answers)) == (0, [])
    with pytest.raises(Stopped):
        settle(AnsweredLate(), lambda: False)
