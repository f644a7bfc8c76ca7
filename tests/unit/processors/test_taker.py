"""A batch: outputs before states, letters for what is no fact, and the log's absence as a delay."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from infra.deadletter import Brake, BrakeEngaged, Undecided
from infra.log import Record
from processors.memory import Memory
from processors.metrics import Metrics
from processors.store import Store
from processors.taker import Taker
from schemas.facts import DeadLettered, WorkerSeated
from tests.fakes import FakeLog
from tests.unit.processors.toy import BAD_MS, BUG_MS, TOY, FakeChangelog, tick


class Bench:
    """A taker with everything around it in memory."""

    def __init__(self, folder: Path, brake: int = 3, is_vital: bool = False, leave_out: str = "") -> None:
        self.log, self.changelog = FakeLog(), FakeChangelog()
        self.memory = Memory("toy", Store(folder, "id"), self.changelog)  # type: ignore[arg-type]
        toy, metrics = replace(TOY, is_vital=is_vital), Metrics("toy", CollectorRegistry())
        self.taker = Taker(toy, self.log, self.memory, Brake(brake), metrics, leave_out)
        self._offset = 0

    def take(self, *values: bytes | None, partition: int = 0) -> None:
        records = [Record("episode-saves", partition, self._offset + at, b"k", one, 0) for at, one in enumerate(values)]
        self._offset += len(values)
        asyncio.run(self.taker.take(records))

    def told(self) -> list[str]:
        return [fact.worker if isinstance(fact, WorkerSeated) else "letter" for fact in self.log.facts]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.memory.close()


def test_a_batch_folds_fact_upon_fact_and_keeps_one_state_per_key(bench: Bench) -> None:
    bench.take(tick(1), tick(2), tick(3))
    bench.take(tick(4))
    assert bench.told() == ["0/1", "0/2", "0/3", "0/4"]
    assert [(one.value, one.at, one.mark_ms) for one in bench.changelog.states[0]] == [(b"3", 2, 3), (b"4", 3, 4)]


def test_partitions_have_their_own_states(bench: Bench) -> None:
    bench.take(tick(1), partition=0)
    bench.take(tick(2, 1), partition=1)
    assert bench.told() == ["0/1", "1/1"]


@pytest.mark.parametrize(
    "value", [None, b"", b"{", tick(BUG_MS), tick(BAD_MS)], ids=["none", "empty", "json", "bug", "bad"]
)
def test_what_cannot_be_used_is_a_letter_and_leaves_no_state(bench: Bench, value: bytes | None) -> None:
    bench.take(tick(1), value, tick(2))
    assert bench.told() == ["0/1", "letter", "0/2"]
    letter = bench.log.facts[1]
    assert isinstance(letter, DeadLettered)
    assert (letter.consumer, letter.offset, letter.value or None) == ("processor-toy-v1", 1, value or None)


def test_too_many_letters_in_a_row_stop_the_worker_before_anything_is_kept(bench: Bench) -> None:
    with pytest.raises(BrakeEngaged):
        bench.take(tick(1), b"{", b"{", b"{")
    assert bench.changelog.states == {}


def test_a_good_record_between_them_releases_the_brake(bench: Bench) -> None:
    bench.take(b"{", b"{", tick(2), b"{", b"{")
    assert bench.told() == ["letter", "letter", "0/1", "letter", "letter"]


@pytest.mark.parametrize("value", [None, b"{", tick(BUG_MS), tick(BAD_MS)], ids=["none", "json", "bug", "bad"])
def test_what_may_keep_footage_and_cannot_be_used_stops_the_worker_and_a_person_decides(
    tmp_path: Path, value: bytes | None
) -> None:
    bench = Bench(tmp_path / "stops", is_vital=True)
    with pytest.raises(Undecided, match=r"episode-saves/0/1 cannot be used .* SIGHTLOG_LEAVE_OUT=episode-saves/0/1 "):
        bench.take(tick(1), value, tick(2))
    assert bench.told() == ["0/1"]  # and kept, so that the next try tells nothing of it
    assert [one.at for one in bench.changelog.states[0]] == [0]
    bench.memory.close()
    bench = Bench(tmp_path / "goes on", is_vital=True, leave_out="episode-saves/0/9, episode-saves/0/1")
    bench.take(tick(1), value, tick(2))
    assert bench.told() == ["0/1", "letter", "0/2"]
    bench.memory.close()


def test_outputs_are_acknowledged_before_any_state_is_kept(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.log.down = True
    waits: list[float] = []

    async def up_again(seconds: float) -> None:
        assert bench.changelog.states == {}
        waits.append(seconds)
        bench.log.down = len(waits) < 4

    monkeypatch.setattr("processors.taker.asyncio.sleep", up_again)
    bench.take(tick(1), tick(2))
    assert bench.told() == ["0/1", "0/2"]
    assert waits == [0.2, 0.4, 0.8, 1.6]
    assert bench.changelog.states[0][0].value == b"2"
