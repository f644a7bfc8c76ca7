"""What was read becomes saves and letters in the same order, and nothing counts before all of it is safe."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from infra.log import Record
from infra.loop import Stopped
from processors.episodes.entry.forwarder import Forwarder
from processors.episodes.entry.metrics import Metrics
from processors.episodes.entry.pictures import Pictures
from processors.episodes.entry.reader import Read, decoded
from schemas.facts import DeadLettered, EpisodeSaved
from tests.episode_facts import NOW_MS
from tests.fakes import FakeLog, FakeStore
from tests.unit.processors.episodes.entry import pictures


def read(offset: int, at_ms: int = NOW_MS, **fields: Any) -> Read:
    given = {"episode_id": 7, "media": "yard", "opened_at": NOW_MS, "updated_at": NOW_MS}
    return decoded(Record("episodes", 2, offset, None, json.dumps(given | fields).encode(), at_ms))


def bad(offset: int, value: bytes | None) -> Read:
    return decoded(Record("episodes", 2, offset, b"key", value, NOW_MS))


class World:
    """A forwarder between a log and a store in memory. ``patience``: how often it is told to go on."""

    def __init__(self) -> None:
        self.log, self.store, self.registry = FakeLog(), FakeStore(), CollectorRegistry()
        self.patience: Iterator[bool] = iter(lambda: True, False)
        kept = Pictures(self.store, 4 << 20, 16 << 20)
        self.forwarder = Forwarder(self.log, kept, Metrics(self.registry), lambda _wait_s: next(self.patience, False))

    def count(self, what: str) -> float | None:
        return self.registry.get_sample_value(f"sightlog_episode_entry_{what}")


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.forwarder.close()


def test_saves_and_letters_keep_the_order_of_their_records(world: World) -> None:
    placed = world.forwarder.send([read(4), bad(5, b"{}"), read(6), bad(7, None)])
    assert [(type(fact), getattr(fact, "src_offset", None)) for fact in world.log.facts] == [
        (EpisodeSaved, 4), (DeadLettered, None), (EpisodeSaved, 6), (DeadLettered, None),
    ]  # fmt: skip
    assert [saved.src_offset for saved, _ in placed] == [4, 6]
    assert (world.count("saves_total"), world.count("letters_total")) == (2, 2)


def test_a_letter_keeps_the_record_and_says_why(world: World) -> None:
    world.forwarder.send([bad(5, b'{"media": "yard"}')])
    (letter,) = world.log.facts
    assert isinstance(letter, DeadLettered)
    assert (letter.consumer, letter.topic, letter.partition, letter.offset) == ("processor-episodes", "episodes", 2, 5)
    assert (letter.key, letter.value, letter.error) == (b"key", b'{"media": "yard"}', "bad_fact")
    assert "episode_id" in letter.reason


def test_the_same_record_makes_the_same_save_whoever_reads_it(world: World) -> None:
    world.forwarder.send([read(4)])
    World().forwarder.send([read(4)])
    world.forwarder.send([read(4)])
    assert world.log.facts[0] == world.log.facts[1]


@pytest.mark.parametrize("at_ms", [0, 1 << 62], ids=["not stamped", "stamped by a broken clock"])
def test_a_record_with_any_stamp_is_taken(world: World, at_ms: int) -> None:
    world.forwarder.send([read(4, at_ms=at_ms)])
    (saved,) = world.log.facts
    assert isinstance(saved, EpisodeSaved)
    assert saved.observed_ms == min(at_ms, 253_402_300_799_999)


def test_a_picture_is_stored_before_the_fact_that_names_it(world: World) -> None:
    world.forwarder.send([read(4, preview=pictures.text(pictures.tiny())), read(5, preview="nonsense")])
    kept, dropped = world.log.facts
    assert isinstance(kept, EpisodeSaved)
    assert isinstance(dropped, EpisodeSaved)
    assert kept.preview_key in world.store.objects
    assert (dropped.preview_key, dropped.preview_dropped) == (None, "preview: it is not a JPEG")
    assert (world.count("pictures_total"), world.count("pictures_dropped_total")) == (1, 1)


def test_while_the_store_is_away_nothing_is_sent_and_nothing_is_dropped(world: World) -> None:
    world.store.down = True

    def comes_back() -> Iterator[bool]:
        yield True
        assert (world.log.facts, world.count("waiting")) == ([], 1)
        world.store.down = False
        while True:
            yield True

    world.patience = comes_back()
    world.forwarder.send([read(3), read(4, preview=pictures.text(pictures.tiny()))])
    assert [fact.preview_key is not None for fact in world.log.facts if isinstance(fact, EpisodeSaved)] == [False, True]
    assert world.count("waiting") == 0


def test_told_to_stop_while_the_store_is_away_it_has_sent_nothing(world: World) -> None:
    world.store.down, world.patience = True, iter([True, False])
    with pytest.raises(Stopped):
        world.forwarder.send([read(4, preview=pictures.text(pictures.tiny()))])
    assert world.log.facts == []


class SlowLog(FakeLog):
    """Never acknowledges."""

    def flush(self, timeout_s: float) -> int:
        return 1


def test_told_to_stop_before_all_is_acknowledged_it_says_so() -> None:
    metrics = Metrics(CollectorRegistry())
    forwarder = Forwarder(SlowLog(), Pictures(FakeStore(), 1024, 4096), metrics, lambda _wait_s: False)
    with pytest.raises(Stopped):
        forwarder.send([read(4)])
    forwarder.close()
