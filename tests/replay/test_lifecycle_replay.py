"""From records on topic ``episodes`` to the lifecycle's facts: a crash at any step of any reader changes nothing."""

import json
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from infra.log import Record
from processors.episodes import rules
from processors.episodes.entry.forwarder import Forwarder
from processors.episodes.entry.merge import Merge
from processors.episodes.entry.metrics import Metrics
from processors.episodes.entry.pictures import Pictures
from processors.episodes.entry.reader import Read, decoded
from processors.episodes.entry.ticks import SKEW_MS, Ticks, settled_ms
from schemas import codec
from schemas.facts import ClockTicked, EpisodeAccepted, EpisodeRefused, EpisodeSaved
from tests.episode_facts import NOW_MS
from tests.fakes import FakeLog, FakeStore

PARTITIONS, TIMEOUT_MS, TICK_MS = 3, 20_000, 2_000


class Broker:
    """Topic ``episodes`` in memory: records on any partition, stamped by a clock that only this test moves."""

    def __init__(self) -> None:
        self.lines: list[list[Record]] = [[] for _ in range(PARTITIONS)]
        self.committed = [0] * PARTITIONS
        self.now_ms = NOW_MS

    def take(self, partition: int, fields: dict[str, Any]) -> None:
        line = self.lines[partition]
        line.append(Record("episodes", partition, len(line), None, json.dumps(fields).encode(), self.now_ms))

    @property
    def ends(self) -> dict[int, int]:
        return {partition: len(line) for partition, line in enumerate(self.lines)}


class Reading:
    """One reader from the committed offsets on, through the real merge, forwarder and ticks, into the real order."""

    def __init__(self, broker: Broker, log: FakeLog, chance: Random) -> None:
        self._broker, self._log, self._chance = broker, log, chance
        self._next = list(broker.committed)
        self._done = list(broker.committed)
        self._merge: Merge[Read] = Merge(dict(enumerate(self._next)))
        self._ticks = Ticks([0], broker.now_ms, TICK_MS, TIMEOUT_MS)
        self._last_ms = 0
        pictures = Pictures(FakeStore(), 1024, 4096)
        self._forwarder = Forwarder(log, pictures, Metrics(CollectorRegistry()), lambda _wait_s: True)

    def turn(self, is_cut: bool = False) -> None:
        """Fetch something, forward what may go, tell the time. ``is_cut``: dies with part of the batch sent."""
        for partition in self._chance.sample(range(PARTITIONS), self._chance.randint(0, PARTITIONS)):
            for record in self._broker.lines[partition][self._next[partition] :][: self._chance.randint(1, 4)]:
                read = decoded(record)
                order = (record.timestamp_ms, read.episode.updated_at if read.episode else 0)
                self._merge.put(partition, record.offset, order, 1, read)
                self._next[partition] += 1
        self._merge.know_ends(self._broker.ends, self._merge.arrived)
        reads = self._merge.take(self._chance.randint(1, 9))
        if is_cut:
            self._forwarder.send(reads[: self._chance.randint(0, len(reads))])
            return
        if reads:
            self._forwarder.send(reads)
            self._last_ms = reads[-1].record.timestamp_ms
        for read in reads:
            self._done[read.record.partition] = read.record.offset + 1
        before_ms = settled_ms(self._last_ms, self._broker.now_ms, self._merge.is_at_end)
        for tick in self._ticks.due(before_ms):
            self._log.append(tick, partition=0)

    def finish(self) -> None:
        """Until all is forwarded."""
        while self._done != list(self._broker.ends.values()):
            self.turn()

    def commit(self) -> None:
        self._broker.committed = list(self._done)

    def close(self) -> None:
        self._forwarder.close()


def live(seed: int, disturbed: bool) -> tuple[Broker, FakeLog]:
    """Sources save, one record acknowledged before the next; readers read, and where ``disturbed`` die and overlap."""
    chance, faults = Random(seed), Random(seed + 1)
    broker, log = Broker(), FakeLog()
    reader, old = Reading(broker, log, faults), None
    for number in range(60):
        fields = _save(chance, number)
        is_newest = fields.get("updated_at") == NOW_MS + number  # else only the time can say what came first
        broker.now_ms += chance.choice((1 - is_newest, 1, 50, 3000, TIMEOUT_MS))
        broker.take(chance.randrange(PARTITIONS), fields)
        if not disturbed:
            reader.finish()
            continue
        reader.turn(is_cut=(dies := faults.random() < 0.15))
        if faults.random() < 0.5:
            reader.commit()
        if old is not None and faults.random() < 0.3:
            old.turn()  # it has lost its seat and does not know
        if dies or faults.random() < 0.1:
            reader, old = Reading(broker, log, faults), None if dies else reader
    reader.finish()
    return broker, log


def _save(chance: Random, number: int) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "media": "yard", "episode_id": chance.randrange(4), "opened_at": NOW_MS, "title": f"{number}",
        "updated_at": NOW_MS + chance.choice((number, number, number, number - 2)),
        "originator": {"source": chance.choice(("alarm", "api"))},
    }  # fmt: skip
    if chance.random() < 0.1:
        fields["closed_at"] = NOW_MS + chance.randrange(3)
    return fields if chance.random() > 0.05 else {"media": "yard"}


def fold(facts: list[Any]) -> list[EpisodeAccepted | EpisodeRefused]:
    states: dict[bytes, rules.EpisodeState] = {}
    told: list[EpisodeAccepted | EpisodeRefused] = []
    for fact in facts:
        if isinstance(fact, ClockTicked):
            for name, state in states.items():
                states[name], closed = rules.close_silent(state, fact.observed_ms, TIMEOUT_MS)
                told += closed
        elif isinstance(fact, EpisodeSaved):
            name = rules.key(fact.media, int(fact.record.episode_id))
            states[name], facts_of_it = rules.step(states.get(name), fact)
            told += facts_of_it
    return told


def saves(facts: list[Any]) -> list[EpisodeSaved]:
    """Each save once, where it came first."""
    return list({fact.save_id: fact for fact in facts if isinstance(fact, EpisodeSaved)}.values())


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1 << 32))
def test_readers_that_die_and_overlap_forward_the_same_saves_in_the_same_order(seed: int) -> None:
    _, calm = live(seed, disturbed=False)
    _, stormy = live(seed, disturbed=True)
    assert saves(stormy.facts) == saves(calm.facts)
    assert [save.record.title for save in saves(calm.facts)] == sorted(
        (save.record.title for save in saves(calm.facts)), key=lambda title: int(title or 0)
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1 << 32), st.booleans(), st.data())
def test_time_told_in_the_log_decides_alike_in_every_replay(seed: int, disturbed: bool, data: st.DataObject) -> None:
    """Folded from the first fact, and with any earlier stretch told again: the same facts, the same ends."""
    _, log = live(seed, disturbed)
    facts = log.facts
    at = data.draw(st.integers(0, len(facts)))
    again = data.draw(st.integers(0, at))
    assert list(map(codec.encode, fold(facts[:at] + facts[again:]))) == list(map(codec.encode, fold(facts)))


@settings(deadline=None)
@given(st.integers(0, 1 << 32), st.booleans())
def test_no_time_is_told_before_the_saves_of_that_time(seed: int, disturbed: bool) -> None:
    _, log = live(seed, disturbed)
    told_ms, taken = 0, set()
    for fact in log.facts:
        if isinstance(fact, ClockTicked):
            told_ms = max(told_ms, fact.observed_ms)
        elif isinstance(fact, EpisodeSaved) and fact.save_id not in taken:
            taken.add(fact.save_id)
            assert fact.observed_ms >= told_ms + SKEW_MS
