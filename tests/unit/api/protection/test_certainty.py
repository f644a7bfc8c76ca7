"""Since when it is certain what is protected."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from api.protection import certainty as module
from api.protection.certainty import Certainty
from infra.log import LogUnavailable, Record
from schemas import codec
from schemas.codec import AnyFact
from schemas.facts import LevelNoted, Settled, SettlingStarted

WAIT_S = 60


class Inputs:
    """The end of a topic, and where it ends now."""

    def __init__(self) -> None:
        self.end, self.handed, self.is_away = 100, 100, False
        self.records: list[Record] = []
        self.marked, self._lock = threading.Event(), threading.Lock()
        self.made_s = module.monotonic_s()

    def append(self, *facts: AnyFact) -> None:
        self.append_raw(*map(codec.encode, facts))

    def append_raw(self, *values: bytes) -> None:
        with self._lock:
            for value in values:
                self.records.append(Record("retention-inputs", 0, self.end, None, value, 0))
                self.end += 1

    def ends(self, topic: str) -> dict[int, int]:
        if self.is_away:
            raise LogUnavailable("away")
        if topic != "retention-inputs":
            return {0: 7, 1: 9}
        end = self.end
        self.marked.set()  # only now: what is appended from here on comes behind the mark
        return {0: end}

    # the source

    caught_up = True

    def poll(self, timeout_s: float) -> list[Record]:
        with self._lock:
            new, self.records = self.records, []
        threading.Event().wait(0 if new else 0.005)
        return new

    def close(self) -> None:
        with self._lock:
            self.records = []


@pytest.fixture
def inputs() -> Inputs:
    return Inputs()


@pytest.fixture
def certain(inputs: Inputs, monkeypatch: pytest.MonkeyPatch) -> Iterator[Certainty]:
    """One that listens already."""
    monkeypatch.setattr(module, "_MARK_S", 0.0)
    monkeypatch.setattr(module, "_AGAIN_S", 0.01)
    made = Certainty(lambda: inputs, inputs.ends)
    assert made.within(60, 0, None) is None
    assert inputs.marked.wait(WAIT_S)
    yield made
    made.close()


def begun(number: int) -> SettlingStarted:
    return SettlingStarted(settle_id=number, observed_ms=1)


def settled(number: int, *ends: int) -> Settled:
    return Settled(settle_id=number, observed_ms=2, segment_ends=ends or (5, 5))


def test_a_round_that_was_heard_from_its_beginning_is_certain(inputs: Inputs, certain: Certainty) -> None:
    inputs.append(begun(1), settled(1, 5, -1, 0))
    found = certain.within(600, WAIT_S, [0, 2])
    assert found is not None
    assert inputs.made_s <= found.since_s <= module.monotonic_s()
    assert (found.unsettled, found.ends) == ({1}, {0: 7, 1: 9})
    assert certain.within(600, 0, [1]) is None
    assert certain.within(600, 0, None) is None


def test_the_end_of_a_round_whose_beginning_nobody_heard_says_nothing(inputs: Inputs, certain: Certainty) -> None:
    inputs.append(settled(3))
    assert certain.within(60, 0.1, None) is None


def test_a_round_heard_late_is_as_old_as_it_is(inputs: Inputs, monkeypatch: pytest.MonkeyPatch) -> None:
    clock_s = [1000.0]
    monkeypatch.setattr(module, "monotonic_s", lambda: clock_s[0])
    listener = Certainty(lambda: inputs, inputs.ends)
    listener._mark()
    inputs.append(begun(1), settled(1))
    clock_s[0] += 500
    listener._mark()
    for record in inputs.poll(0):
        listener._hear(codec.decode(record.topic, record.value), record.offset)
    assert listener._latest is not None
    assert listener._latest.since_s == 1000.0


def test_what_was_certain_grows_old(inputs: Inputs, certain: Certainty, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs.append(begun(1), settled(1))
    assert certain.within(600, WAIT_S, None) is not None
    now_s = module.monotonic_s()
    monkeypatch.setattr(module, "monotonic_s", lambda: now_s + 601)
    assert certain.within(600, 0, None) is None


def test_other_facts_and_records_that_are_none_change_nothing(inputs: Inputs, certain: Certainty) -> None:
    level: Any = LevelNoted(
        store="disk", observed_ms=1, used_bytes=1, capacity_bytes=2, src_partition=0, src_offset=1
    )  # fmt: skip
    inputs.append(begun(1), level)
    inputs.append_raw(b"{")
    inputs.append(settled(1))
    assert certain.within(600, WAIT_S, None) is not None


def test_a_broker_that_is_away_makes_nothing_certain_and_is_asked_again(inputs: Inputs, certain: Certainty) -> None:
    inputs.is_away = True
    inputs.append(begun(1), settled(1))
    assert certain.within(60, 0.1, None) is None
    inputs.is_away = False
    inputs.marked.clear()
    assert inputs.marked.wait(WAIT_S)
    inputs.append(begun(2), settled(2))
    assert certain.within(600, WAIT_S, None) is not None


def test_who_waits_is_sent_home_at_the_end(inputs: Inputs, certain: Certainty) -> None:
    waiting = threading.Timer(0.05, certain.close)
    waiting.start()
    assert certain.within(60, 3600, None) is None
    waiting.join()
    assert certain.within(60, 3600, None) is None
