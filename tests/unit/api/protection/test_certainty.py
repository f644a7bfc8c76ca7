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


class Inputs:
    """The end of a topic, and where it ends now."""

    def __init__(self) -> None:
        self.end, self.handed, self.is_away = 100, 100, False
        self.records: list[Record] = []
        self.marked, self._lock = threading.Event(), threading.Lock()

    def append(self, *facts: AnyFact) -> None:
        with self._lock:
            for fact in facts:
                self.records.append(Record("retention-inputs", 0, self.end, None, codec.encode(fact), 0))
                self.end += 1

    def ends(self, topic: str) -> dict[int, int]:
        if self.is_away:
            raise LogUnavailable("away")
        self.marked.set()
        return {0: self.end} if topic == "retention-inputs" else {0: 7, 1: 9}

    # the source

    caught_up = True

    def poll(self, timeout_s: float) -> list[Record]:
        with self._lock:
            new, self.records = self.records, []
        threading.Event().wait(0 if new else 0.005)
        return new

    def close(self) -> None:
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
    assert inputs.marked.wait(5)
    yield made
    made.close()


def begun(number: int) -> SettlingStarted:
    return SettlingStarted(settle_id=number, observed_ms=1)


def settled(number: int, *ends: int) -> Settled:
    return Settled(settle_id=number, observed_ms=2, segment_ends=ends or (5, 5))


def test_a_round_that_was_heard_from_its_beginning_is_certain(inputs: Inputs, certain: Certainty) -> None:
    before_s = module.monotonic_s()
    inputs.append(begun(1), settled(1, 5, -1, 0))
    found = certain.within(60, 5, [0, 2])
    assert found is not None
    assert found.since_s <= module.monotonic_s()
    assert found.since_s >= before_s - 5
    assert (found.unsettled, found.ends) == ({1}, {0: 7, 1: 9})
    assert certain.within(60, 0, [1]) is None
    assert certain.within(60, 0, None) is None


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
    assert certain.within(60, 5, None) is not None
    now_s = module.monotonic_s()
    monkeypatch.setattr(module, "monotonic_s", lambda: now_s + 61)
    assert certain.within(60, 0, None) is None


def test_other_facts_and_records_that_are_none_change_nothing(inputs: Inputs, certain: Certainty) -> None:
    level: Any = LevelNoted(
        store="disk", observed_ms=1, used_bytes=1, capacity_bytes=2, src_partition=0, src_offset=1
    )  # fmt: skip
    inputs.append(begun(1), level)
    inputs.records.append(Record("retention-inputs", 0, inputs.end, None, b"{", 0))
    inputs.append(settled(1))
    assert certain.within(60, 5, None) is not None


def test_a_broker_that_is_away_makes_nothing_certain_and_is_asked_again(inputs: Inputs, certain: Certainty) -> None:
    inputs.is_away = True
    inputs.append(begun(1), settled(1))
    assert certain.within(60, 0.1, None) is None
    inputs.is_away = False
    inputs.marked.clear()
    assert inputs.marked.wait(5)
    inputs.append(begun(2), settled(2))
    assert certain.within(60, 5, None) is not None


def test_who_waits_is_sent_home_at_the_end(inputs: Inputs, certain: Certainty) -> None:
    waiting = threading.Timer(0.05, certain.close)
    waiting.start()
    assert certain.within(60, 30, None) is None
    waiting.join()
    assert certain.within(60, 30, None) is None
