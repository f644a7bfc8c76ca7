"""The entry on real servers: strangers' partitioners, poison, pictures, silence, and readers that die or freeze."""

import base64
import itertools
import json
import random
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

import cv2
import numpy as np
import pytest
from confluent_kafka import Producer
from prometheus_client import CollectorRegistry

from infra.health import Beat
from infra.kafka import KafkaLog, committed_offsets, end_offsets, ensure_topics, read_topic
from infra.objects import S3Store
from infra.settings import Settings, child_environment
from processors.episodes import rules
from processors.episodes.entry import reader
from processors.episodes.entry.metrics import Metrics
from processors.episodes.entry.pictures import Pictures
from processors.episodes.entry.run import Entry
from schemas import codec
from schemas.episode import EpisodeRecord
from schemas.facts import ClockTicked, DeadLettered, EpisodeSaved, WorkerSeated
from tests.beside import going_on
from tests.integration.recording import BUSY

NOW_MS = 1_790_000_000_000
WORKER = (
    "from infra import settings, journal; from infra.health import Beat; from infra.stopping import asked_to_stop\n"
    "from processors.episodes.entry.run import forward\n"
    "s = settings.load(); journal.setup(s); forward(s, asked_to_stop(), Beat())"
)


@pytest.fixture
def own(stack: Settings) -> Settings:
    """The shared servers, with topics of this test's own; time is told often and silence is short."""
    more = {"topic_prefix": f"e{secrets.token_hex(3)}.", "tick_ms": 200, "episode_timeout_ms": 1500}
    settings = stack.model_copy(update=more)
    ensure_topics(settings)
    return settings


def until(condition: Callable[[], Any], timeout_s: float = 40) -> None:
    """Wait for what takes no longer than this on a quiet machine."""
    deadline = time.monotonic() + timeout_s * BUSY
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        threading.Event().wait(0.1)


class Stranger:
    """A publisher with a client of its own: no key, any partition, one record acknowledged before the next is sent."""

    def __init__(self, settings: Settings) -> None:
        self._topic = f"{settings.topic_prefix}episodes"
        self._producer = Producer({"bootstrap.servers": settings.kafka, "partitioner": "random", "linger.ms": 0,
                                   "message.max.bytes": 8 << 20, "sticky.partitioning.linger.ms": 0})  # fmt: skip
        self._numbers = itertools.count()

    def save(self, **fields: Any) -> str:
        """One more save; the title that it has."""
        number = next(self._numbers)
        given = {"episode_id": 1 << 63, "media": "yard", "opened_at": NOW_MS, "updated_at": NOW_MS + number}
        title = f"save {number}"
        self.send(json.dumps(given | {"title": title} | fields).encode())
        return title

    def send(self, value: bytes | None, key: bytes | None = None) -> None:
        errors: list[Any] = []
        self._producer.produce(self._topic, value, key, on_delivery=lambda error, _: errors.append(error))
        self._producer.flush(120)
        assert errors == [None]


@contextmanager
def reading(settings: Settings) -> Iterator[Entry]:
    """An entry in this process."""
    log, stopping = KafkaLog(settings, "entry", delivery_timeout_ms=0), threading.Event()
    pictures = Pictures(S3Store(settings), settings.preview_bytes, settings.preview_pixels)
    entry = Entry(settings, log, pictures, Metrics(CollectorRegistry()), stopping, Beat())
    try:
        with going_on(entry.run, stopping):
            yield entry
    finally:
        log.close()


def forwarded(settings: Settings) -> list[EpisodeSaved]:
    """Everything on episode-saves in order, each save once."""
    facts = [codec.decode(record.topic, record.value) for record in read_topic(settings, "episode-saves")]
    return list({fact.save_id: fact for fact in facts if isinstance(fact, EpisodeSaved)}.values())


def letters(settings: Settings) -> list[DeadLettered]:
    return [codec.decode(record.topic, record.value) for record in read_topic(settings, "dead-letters")]


def seated(settings: Settings) -> list[int]:
    """Process ids of those who took the seat, in order."""
    facts: list[WorkerSeated] = [codec.decode(r.topic, r.value) for r in read_topic(settings, "episode-entry")]
    return [int(fact.worker.rpartition(":")[2]) for fact in facts]


def titles(settings: Settings) -> list[str | None]:
    return [saved.record.title for saved in forwarded(settings)]


@pytest.mark.parametrize("is_backlog", [False, True], ids=["as they come", "found at the start"])
def test_saves_without_a_key_on_any_partition_keep_the_order_in_which_they_were_sent(
    own: Settings, is_backlog: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_backlog:
        monkeypatch.setattr(reader, "_HELD_BYTES", 30_000)  # partitions must rest, and go on
    stranger = Stranger(own)
    sent = [stranger.save() for _ in range(300 if is_backlog else 1)]
    with reading(own):
        until(lambda: titles(own) == sent)
        sent += [stranger.save() for _ in range(0 if is_backlog else 299)]
        until(lambda: len(titles(own)) == len(sent))
    assert titles(own) == sent
    assert {saved.src_partition for saved in forwarded(own)} == set(range(own.partitions))


POISON = [
    pytest.param(None, "no_value", id="no value"),
    pytest.param(b"", "no_value", id="empty"),
    pytest.param(b"\xff\x00 not json", "bad_json", id="no JSON"),
    pytest.param(b"[" * 100_000, "bad_json", id="endless nesting"),
    pytest.param(b'{"episode_id": 1.5, "media": "yard"}', "bad_fact", id="wrong types"),
    pytest.param(b'{"episode_id": 1, "media": "../x", "opened_at": 1790000000000, "updated_at": 1790000000000}',
                 "bad_fact", id="no name of a camera"),
    pytest.param(b'{"episode_id": 1, "media": "yard", "opened_at": 1790000000000, "updated_at": 1790000000000,'
                 b'"payload": {"a": ' + b"[" * 101 + b"]" * 101 + b"}}", "bad_fact", id="nests too deep"),
    pytest.param(b'{"episode_id": 1, "media": "yard", "opened_at": 1790000000000, "updated_at": 1790000000000,'
                 b'"payload": {"a": [' + b"1e15," * 1_200_000 + b"1]}}", "bad_fact", id="grows beyond what fits"),
]  # fmt: skip


def test_poison_becomes_letters_and_stops_nobody(own: Settings) -> None:
    stranger = Stranger(own)
    sent = []
    with reading(own):
        for case in POISON:
            stranger.send(case.values[0], key=random.Random(7).randbytes(50))
            sent.append(stranger.save())
        for _ in range(own.brake_letters * 2):
            stranger.send(b"{}")
        sent.append(stranger.save())
        until(lambda: titles(own) == sent and len(letters(own)) == len(POISON) + own.brake_letters * 2)
    assert [letter.error for letter in letters(own)[: len(POISON)]] == [case.values[1] for case in POISON]
    assert {letter.consumer for letter in letters(own)} == {"processor-episodes"}


def test_pictures_go_to_the_object_store_and_bad_ones_lose_no_episode(own: Settings) -> None:
    _, encoded = cv2.imencode(".jpg", np.full((120, 160, 3), 90, np.uint8))
    picture = encoded.tobytes()
    with reading(own):
        stranger = Stranger(own)
        stranger.save(preview=base64.b64encode(picture).decode(), frame_preview="bm8gcGljdHVyZQ==")
        until(lambda: forwarded(own))
    saved = forwarded(own)[0]
    assert saved.preview_key == f"previews/{sha256(picture).hexdigest()}.jpg"
    assert S3Store(own).get(saved.preview_key) == picture
    assert (saved.frame_preview_key, saved.preview_dropped) == (None, "frame_preview: it is not a JPEG")
    assert (saved.record.preview, saved.record.frame_preview) == (None, None)


def test_a_transaction_of_a_stranger_is_read_to_its_end_which_is_no_record(own: Settings) -> None:
    producer = Producer({"bootstrap.servers": own.kafka, "transactional.id": secrets.token_hex(4)})
    producer.init_transactions(120)
    producer.begin_transaction()
    fields = {"episode_id": 7, "media": "yard", "opened_at": NOW_MS, "updated_at": NOW_MS}
    producer.produce(f"{own.topic_prefix}episodes", json.dumps(fields).encode(), partition=0)
    producer.commit_transaction(120)
    with reading(own):
        until(lambda: committed_offsets(own, reader.GROUP, "episodes").get(0) == 2)
    assert end_offsets(own, "episodes")[0] == 2
    assert [saved.record.episode_id for saved in forwarded(own)] == [7]


def test_time_is_told_where_an_episode_of_ours_may_be_open_until_it_is_closed(own: Settings) -> None:
    with reading(own):
        Stranger(own).save(originator={"source": "alarm"})
        until(lambda: "timeout" in outcome(own))
    assert outcome(own) == [None, "timeout"]


def outcome(settings: Settings) -> list[str | None]:
    """``close_reason`` of every version that the lifecycle would accept of the one episode on episode-saves."""
    state: rules.EpisodeState | None = None
    versions: list[EpisodeRecord] = []
    for record in read_topic(settings, "episode-saves"):
        fact = codec.decode(record.topic, record.value)
        if isinstance(fact, ClockTicked):
            assert fact.partition == record.partition
        state, told = _fold(state, fact, settings.episode_timeout_ms)
        versions += [one.record for one in told]
    return [version.close_reason for version in versions]


def _fold(state: rules.EpisodeState | None, fact: Any, timeout_ms: int) -> tuple[rules.EpisodeState | None, list[Any]]:
    if isinstance(fact, EpisodeSaved):
        return rules.step(state, fact)
    return rules.close_silent(state, fact.observed_ms, timeout_ms) if state else (None, [])


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "frozen, then awake again"])
def test_the_seat_moves_from_a_reader_that_is_gone_and_nothing_is_lost(own: Settings, blow: signal.Signals) -> None:
    stranger = Stranger(own)
    environment = child_environment(own.as_environment())
    workers = [subprocess.Popen([sys.executable, "-c", WORKER], env=environment) for _ in range(2)]
    try:
        sent = [stranger.save() for _ in range(50)]
        until(lambda: len(titles(own)) > 20)
        (holder,) = (worker for worker in workers if worker.pid == seated(own)[-1])
        holder.send_signal(blow)
        began_s = time.monotonic()
        while seated(own)[-1] == holder.pid:
            sent += [stranger.save() for _ in range(5)]
            assert time.monotonic() < began_s + 30 * BUSY
        until(lambda: titles(own) == sent)
        holder.send_signal(signal.SIGCONT)
        sent += [stranger.save() for _ in range(50)]
        until(lambda: len(titles(own)) == len(sent))
    finally:
        for worker in workers:
            worker.terminate()
        codes = [worker.wait(120) for worker in workers]
    assert titles(own) == sent
    assert sorted(codes) == ([-9, 0] if blow == signal.SIGKILL else [0, 0])
    assert set(seated(own)) == {worker.pid for worker in workers}
