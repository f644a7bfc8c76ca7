"""The projections service on real servers: strangers' records, absences, kills, a neighbour that joins."""

import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from prometheus_client import CollectorRegistry

from infra.clickhouse import Database, DatabaseError, DatabaseUnavailable
from infra.kafka import KafkaLog, ensure_topics
from infra.settings import Settings
from projections import registry
from projections.dead_letters.reads import LetterReads
from projections.generations.reads import ProgressReads
from projections.media.reads import MediaReads
from projections.metrics import Metrics
from projections.runner import Runner
from projections.segments.reads import SegmentReads
from projections.spec import Projection
from schemas.facts import MediaConfigured
from schemas.intervals import Span
from tests.beside import going_on
from tests.footage_facts import START_MS, gap, segment
from tests.integration.recording import BUSY

TABLES = ("segments", "recording_gaps", "media", "dead_letters")
SERVICE = """
import sys
from infra.settings import Settings
from projections import runner
runner.run(Settings.model_validate_json(sys.stdin.read()))
"""


@pytest.fixture
def own(stack: Settings) -> Settings:
    """The shared servers, with topics and a database of this test's own."""
    mark = secrets.token_hex(3)
    settings = stack.model_copy(update={"topic_prefix": f"p{mark}.", "database": f"p{mark}", "flush_ms": 100})
    ensure_topics(settings)
    return settings


@pytest.fixture
def log(own: Settings) -> Iterator[KafkaLog]:
    made = KafkaLog(own, "test")
    yield made
    made.close()


def until(condition: Callable[[], bool], timeout_s: float = 40) -> None:
    """Wait for ``condition``; an answer that is not there yet counts as no. ``timeout_s``: of a quiet machine."""
    deadline = time.monotonic() + timeout_s * BUSY
    while True:
        try:
            if condition():
                return
        except (DatabaseError, DatabaseUnavailable):
            if time.monotonic() > deadline:
                raise
        assert time.monotonic() < deadline, "did not happen in time"
        threading.Event().wait(0.1)


def await_read(settings: Settings, log: KafkaLog, *projections: str) -> None:
    """Wait until the tables of these projections, which run, show everything that was appended."""
    assert log.flush(120) == 0
    reads = ProgressReads(settings, Database(settings))

    def is_read() -> bool:
        found = reads.live(projections)
        return {one.projection for one in found} == {*projections} and not any(one.lag for one in found)

    until(is_read)


@contextmanager
def running(settings: Settings, log: KafkaLog, projections: Sequence[Projection] = registry.ALL) -> Iterator[Runner]:
    """The service in this process, looking every 200 ms."""
    runner = Runner(settings, log, Metrics(CollectorRegistry()), projections)
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(0.2):
            runner.look()

    try:
        with going_on(look, stop):
            yield runner
    finally:
        runner.stop()


def count(settings: Settings, table: str) -> int:
    return int(Database(settings).value(f"SELECT count() FROM {settings.database}.{table}"))


def test_facts_become_answers_and_what_strangers_write_becomes_letters(own: Settings, log: KafkaLog) -> None:
    for at in range(20):
        log.append(segment("tył", START_MS + at * 6000))
    log.append(gap("tył", START_MS + 120_000, START_MS + 130_000))
    log.append(MediaConfigured(media="tył", observed_ms=START_MS, source="rtsp://u:hidden@h/1"))
    log.append_raw("segments", "tył".encode(), b"{bad")
    log.append_raw("segments", "tył".encode(), None)
    log.append_raw("segments", None, b'{"type":"segment-recorded"}')
    log.append_raw("media", "tył".encode(), b'{"source":"rtsp://u:hidden@h/1"')
    with running(own, log):
        until(lambda: [count(own, name) for name in TABLES] == [20, 1, 1, 4])
        await_read(own, log, *registry.BY_NAME)
    database = Database(own)
    reads = SegmentReads(database, own.database)
    assert reads.recorded("tył", Span(START_MS, START_MS + 10**9)) == [Span(START_MS, START_MS + 120_000)]
    camera = MediaReads(database, own.database).get("tył")
    assert camera is not None
    assert (camera.source, camera.last_ms) == ("rtsp://u:***@h/1", START_MS + 120_000)
    letters = LetterReads(database, own.database).page(10)
    assert sorted((one.topic, one.error) for one in letters) == [
        ("media", "bad_json"), ("segments", "bad_fact"), ("segments", "bad_json"), ("segments", "no_value"),
    ]  # fmt: skip
    assert [one.value for one in letters if one.topic == "media"] == [None]
    public = [row["name"] for row in database.rows(f"SHOW TABLES FROM {own.database}")]
    assert not any("hidden" in str(database.rows(f"SELECT * FROM {own.database}.{name}")) for name in public)
    assert [(one.topic, one.lag) for one in ProgressReads(own, database).live()] == [
        ("alarms", 0), ("audit", 0), ("dead-letters", 0), ("episode-changes", 0), ("expirations", 0),
        ("mail-refusals", 0), ("media", 0), ("motion", 0), ("protections", 0), ("reprocess", 0), ("reviews", 0),
        ("segments", 0), ("storage", 0),
    ]  # fmt: skip


def test_while_the_database_is_away_facts_wait_and_then_come_once_each(own: Settings, log: KafkaLog) -> None:
    with door(own) as (through, shut), running(through, log):
        log.append(segment())
        until(lambda: count(own, "segments") == 1)
        shut.set()
        for at in range(1, 500):
            log.append(segment(start_ms=START_MS + at * 6000))
        assert log.flush(120) == 0
        threading.Event().wait(3)
        assert count(own, "segments") == 1
        shut.clear()
        until(lambda: count(own, "segments") == 500)
    assert Database(own).value(f"SELECT count() FROM {own.database}_segments_g1.segments FINAL") == 500


@pytest.mark.chaos
def test_a_service_killed_again_and_again_neither_loses_nor_doubles_a_row(own: Settings, log: KafkaLog) -> None:
    sent = 0
    for _ in range(5):
        service = start(own)
        for _ in range(400):
            log.append(segment(f"cam{sent % 5}", START_MS + sent * 6000))
            sent += 1
        threading.Event().wait(2.0)
        service.kill()
        service.wait()
    service = start(own)
    try:
        until(lambda: count(own, "segments") == sent)
    finally:
        service.send_signal(signal.SIGTERM)
        assert service.wait(timeout=120) == 0
    starts = Database(own).value(f"SELECT count(DISTINCT (media, start_ms)) FROM {own.database}.segments")
    assert (count(own, "segments"), starts) == (sent, sent)


def test_a_second_service_takes_its_share_and_gives_it_back(own: Settings, log: KafkaLog) -> None:
    with running(own, log):
        log.append(segment())
        until(lambda: count(own, "segments") == 1)
        with running(own, log):
            for at in range(1, 300):
                log.append(segment(f"cam{at % 9}", START_MS + at * 6000))
            until(lambda: count(own, "segments") == 300)
        for at in range(300, 600):
            log.append(segment(f"cam{at % 9}", START_MS + at * 6000))
        until(lambda: count(own, "segments") == 600)


def start(settings: Settings) -> "subprocess.Popen[bytes]":
    service = subprocess.Popen([sys.executable, "-c", SERVICE], stdin=subprocess.PIPE)
    assert service.stdin
    plain: dict[str, Any] = settings.model_dump(mode="json")
    plain["s3_secret"] = plain["api_key"] = ""
    service.stdin.write(settings.model_validate(plain).model_dump_json().encode())
    service.stdin.close()
    return service


@contextmanager
def door(settings: Settings) -> Iterator[tuple[Settings, threading.Event]]:
    """Settings that reach ClickHouse through a door of our own, and the event that shuts it."""
    target = urlsplit(settings.clickhouse)
    shut, over = threading.Event(), threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    threads: list[threading.Thread] = []

    def serve() -> None:
        while not over.is_set():
            try:
                client = listener.accept()[0]
            except TimeoutError:
                continue
            threads.append(threading.Thread(target=carry, args=(client,)))
            threads[-1].start()

    def carry(client: socket.socket) -> None:
        with client, socket.create_connection((target.hostname or "", target.port or 0)) as server:
            for one in (client, server):
                one.settimeout(0.05)
            while not shut.is_set() and not over.is_set():
                for left, right in ((client, server), (server, client)):
                    try:
                        if not (data := left.recv(65536)):
                            return
                        right.settimeout(60)
                        right.sendall(data)
                        right.settimeout(0.05)
                    except TimeoutError:
                        continue
                    except OSError:
                        return

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        port = listener.getsockname()[1]
        yield settings.model_copy(update={"clickhouse": f"http://127.0.0.1:{port}"}), shut
    finally:
        over.set()
        thread.join()
        for one in threads:
            one.join()
        listener.close()
