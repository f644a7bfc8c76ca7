"""The entry's turn, on a reader and a log in memory."""

import threading
from collections.abc import Sequence

import pytest
from prometheus_client import CollectorRegistry

from infra.deadletter import Undecided
from infra.health import Beat
from infra.log import Record
from infra.settings import load
from processors.protection.entry import run
from processors.protection.entry.metrics import Metrics
from processors.protection.entry.run import Entry
from schemas import codec
from schemas.facts import DeadLettered, HoldPlaced
from tests.fakes import FakeLog
from tests.protection_facts import locked

BAD = b'{"type":"lock-requested"}'


class OneBatch:
    """Hands out some records, then ends the loop."""

    partitions: Sequence[int] = ()

    def __init__(self, records: list[Record], stopping: threading.Event) -> None:
        self.records, self.stopping, self.commits = records, stopping, 0

    def take(self, wait_s: float) -> list[Record]:
        taken, self.records = self.records, []
        return taken

    def commit(self) -> None:
        self.commits += 1
        self.stopping.set()

    def lag(self) -> int:
        return 0

    def close(self) -> None:
        self.records = []


def turned(monkeypatch: pytest.MonkeyPatch, log: FakeLog, topic: str, bad: bytes, leave_out: str = "") -> OneBatch:
    """One batch: a lock, and what cannot be used on this topic at offset 5."""
    good = Record("protections", 0, 4, b"gate", codec.encode(locked()), 0)
    stopping = threading.Event()
    reader = OneBatch([good, Record(topic, 0, 5, b"gate", bad, 0)], stopping)
    monkeypatch.setattr(run, "Reader", lambda settings: reader)
    try:
        Entry(load(leave_out=leave_out), log, Metrics(CollectorRegistry()), stopping, Beat()).run()
    finally:
        assert reader.commits == stopping.is_set()
    return reader


def test_a_lock_that_cannot_be_read_stops_the_entry_before_anything_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    log = FakeLog()
    with pytest.raises(Undecided, match="protections/0/5"):
        turned(monkeypatch, log, "protections", BAD)
    assert log.facts == []


def test_one_that_a_person_leaves_out_becomes_a_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    log = FakeLog()
    turned(monkeypatch, log, "protections", BAD, leave_out="protections/0/5")
    assert [type(one) for one in log.facts] == [HoldPlaced, DeadLettered]


def test_what_keeps_nothing_and_cannot_be_read_becomes_a_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    log = FakeLog()
    turned(monkeypatch, log, "segments", b'{"type":"segments-deleted"}')
    assert [type(one) for one in log.facts] == [HoldPlaced, DeadLettered]
