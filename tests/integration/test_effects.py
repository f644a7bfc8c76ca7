"""Orders to delete, on the real broker and object server: whatever fails, nothing is lost and nothing stuck.

Nothing here has a database: its address leads nowhere.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from minio import Minio
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from infra import kafka
from infra.clock import now_ms
from infra.embedded import objectserver
from infra.health import Beat
from infra.kafka import KafkaLog
from infra.objects import S3Store
from infra.settings import Settings, child_environment
from projections.effects.deleting import Deleting
from projections.effects.metrics import Metrics
from projections.effects.orders import GROUP, Orders
from schemas import codec
from schemas.facts import DeadLettered, DeletionOrdered, SegmentsDeleted
from tests.beside import going_on
from tests.integration.effect_dying import STEPS
from tests.integration.ports import free_port
from tests.integration.recording import wait_for
from tests.integration.whole import ROOT
from tests.order_facts import SIZE, key_of, order, run_of

COUNT = 6


@dataclass
class World:
    """Servers with a bucket and topics of this test's own, and what stands there."""

    settings: Settings
    store: S3Store
    log: KafkaLog
    told: list[DeletionOrdered] = field(default_factory=list)

    def footage(self, starts: Sequence[int], media: str = "cam1") -> None:
        for start_ms in starts:
            self.store.put(key_of(start_ms, media), b"x" * SIZE)

    def order(self, starts: Sequence[int], media: str = "cam1") -> DeletionOrdered:
        made = order(starts, media, expiration_id=len(self.told) + 1, observed_ms=now_ms())
        self.told.append(made)
        self.log.append(made).result(60)
        return made

    def facts(self, topic: str) -> list[Any]:
        return [codec.decode(topic, record.value) for record in kafka.read_topic(self.settings, topic)]

    def keys(self) -> list[str]:
        return [found.key for found in self.store.list("segments/")]

    def is_done(self) -> bool:
        committed = kafka.committed_offsets(self.settings, GROUP, "expirations")
        ends = kafka.end_offsets(self.settings, "expirations")
        return all(committed.get(partition, 0) == end for partition, end in ends.items())

    def done(self) -> None:
        wait_for(self.is_done, 40)


@pytest.fixture
def world(stack: Settings) -> Iterator[World]:
    mark = f"e{secrets.token_hex(3)}"
    own = {"topic_prefix": f"{mark}.", "s3_bucket": mark, "clickhouse": "http://127.0.0.1:9"}
    settings = stack.model_copy(update=own | {"grace_ms": 0})  # footage is ordered away as soon as it was put
    kafka.ensure_topics(settings)
    store, log = S3Store(settings), KafkaLog(settings, "test")
    store.ensure_bucket()
    yield World(settings, store, log)
    log.close()


class Zygote:
    """A process that gives life to others, which die at a step."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin
        assert process.stdout
        self._commands, self._answers = process.stdin, process.stdout
        self.last = 0

    def begin(self, step: str) -> int:
        """The pid of one more."""
        print(step, file=self._commands, flush=True)
        self.last = int(self._answers.readline())
        return self.last

    def ended(self) -> int:
        """How it ended, once it has."""
        return int(self._answers.readline())


@contextmanager
def lives(settings: Settings) -> Iterator[Zygote]:
    environment = child_environment(settings.as_environment())
    words = [sys.executable, "-m", "tests.integration.effect_dying"]
    with subprocess.Popen(
        words, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        zygote = Zygote(process)
        try:
            yield zygote
        finally:
            with suppress(ProcessLookupError):
                os.kill(zygote.last or process.pid, signal.SIGKILL)


@contextmanager
def running(settings: Settings) -> Iterator[Metrics]:
    """The effect, in a thread of its own."""
    metrics, stopping = Metrics(CollectorRegistry()), threading.Event()
    log = KafkaLog(settings, "effects")
    effect = Deleting(settings, Orders(settings), S3Store(settings, 20), log, metrics, stopping, Beat())
    try:
        with going_on(effect.run, stopping):
            yield metrics
    finally:
        log.close()


def figure(metrics: Metrics, name: str) -> float:
    found: float = getattr(metrics, name)._value.get()
    return found


def test_kill_9_between_every_two_steps_ends_as_if_nothing_had_happened(world: World) -> None:
    kept = run_of(3, start_ms=run_of(200)[-1])
    world.footage(kept)
    with lives(world.settings) as zygote:
        for number, step in enumerate(STEPS):
            starts = run_of(COUNT, start_ms=run_of(200)[number * COUNT])
            world.footage(starts)
            world.order(starts)
            zygote.begin(step)
            assert zygote.ended() == -signal.SIGKILL
        last = zygote.begin("none")
        world.done()
        os.kill(last, signal.SIGTERM)
        assert zygote.ended() == 0
    assert world.keys() == [key_of(start_ms) for start_ms in kept]
    told = [fact for fact in world.facts("segments") if isinstance(fact, SegmentsDeleted)]
    once = {codec.fact_id(fact): (fact.segment_starts_ms, fact.size_bytes, fact.expiration_id) for fact in told}
    assert sorted(once.values()) == [(one.segment_starts_ms, COUNT * SIZE, one.expiration_id) for one in world.told]
    assert len(told) > len(once)  # who died between told and committed told it again, with the same identity
    assert world.facts("dead-letters") == []


def test_what_the_store_holds_stays_with_a_letter_until_it_lets_go(world: World) -> None:
    settings = world.settings.model_copy(update={"s3_bucket": world.settings.s3_bucket + "held"})
    secret = settings.s3_secret.get_secret_value()
    client = Minio(urlsplit(settings.s3).netloc, access_key=settings.s3_key, secret_key=secret, secure=False)
    client.make_bucket(settings.s3_bucket, object_lock=True)
    own = World(settings, S3Store(settings), world.log)
    starts = run_of(COUNT)
    own.footage(starts)
    client.enable_object_legal_hold(settings.s3_bucket, key_of(starts[2]))
    with running(settings) as metrics:
        ordered = own.order(starts)
        own.done()
        assert own.keys() == [key_of(starts[2])]
        facts, (letter,) = own.facts("segments"), own.facts("dead-letters")
        assert [one.segment_starts_ms for one in facts] == [tuple(starts[:2]), tuple(starts[3:])]
        assert sum(one.size_bytes for one in facts) == (COUNT - 1) * SIZE
        assert isinstance(letter, DeadLettered)
        assert "legal hold" in letter.reason
        assert figure(metrics, "letters") == 1
        client.disable_object_legal_hold(settings.s3_bucket, key_of(starts[2]))
        own.log.append_raw("expirations", letter.key, letter.value).result(60)  # as redriving does
        own.done()
    assert own.keys() == []
    assert own.facts("segments")[-1].segment_starts_ms == ordered.segment_starts_ms
    assert not list(client.list_objects(settings.s3_bucket, recursive=True, include_version=True))


def test_a_store_that_is_away_or_says_no_is_waited_for(world: World) -> None:
    starts = run_of(COUNT)
    world.footage(starts)
    with door(world.settings) as (through, says), running(through) as metrics:
        # each answer moves a figure, so that none is taken for the one before it
        for answer, forbidden in ((b"503 SlowDown", 0), (b"403 AccessDenied", 1), (b"", 0)):
            says[:] = [answer]
            if not world.told:
                world.order(starts)
            wait_for(
                lambda forbidden=forbidden: (figure(metrics, "waiting"), figure(metrics, "forbidden")) == (1, forbidden)
            )
            assert not world.is_done()
        assert len(world.keys()) == COUNT
        says.clear()
        world.done()
        wait_for(lambda: figure(metrics, "waiting") == figure(metrics, "forbidden") == 0)
    assert world.keys() == []
    assert [fact.segment_starts_ms for fact in world.facts("segments")] == [world.told[0].segment_starts_ms]
    assert world.facts("dead-letters") == []


def test_processes_share_the_orders_and_none_is_left_when_one_goes(world: World) -> None:
    cameras = [f"cam{number}" for number in range(8)]
    starts = run_of(COUNT)
    for media in cameras:
        world.footage(starts, media)
    with running(world.settings) as stays:
        with running(world.settings):
            for media in cameras[:4]:
                world.order(starts, media)
            world.done()
        for media in cameras[4:]:
            world.order(starts, media)
        world.done()
        wait_for(lambda: figure(stays, "orders") >= 4)
    assert world.keys() == []
    assert {fact.media for fact in world.facts("segments")} == set(cameras)


@pytest.mark.chaos
def test_on_a_full_disk_orders_wait_and_are_carried_out_once_there_is_room(
    world: World, small: Path, request: pytest.FixtureRequest
) -> None:
    if not request.config.getoption("--full-disk"):
        pytest.skip("runs an object server of its own: --full-disk")
    server = ObjectServer(small / "objects")
    with server.running():
        own = World(server.settings(world.settings), S3Store(server.settings(world.settings)), world.log)
        own.store.ensure_bucket()
        starts = run_of(600)
        own.footage(starts)
        fill(small / "filler")
        with running(own.settings) as metrics:
            own.order(starts[:-1])
            wait_for(lambda: figure(metrics, "waiting") == 1, 20)
            (small / "filler").unlink()
            server.restart()  # what it keeps its names in is shut after a failed write, until it starts anew
            wait_for(own.is_done, 60)
        assert own.keys() == [key_of(starts[-1])]
        assert [fact.segment_starts_ms for fact in own.facts("segments")] == [tuple(starts[:-1])]
        assert own.facts("dead-letters") == []


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 MB."""
    if os.geteuid() != 0:
        pytest.skip("mounting a disk needs root")
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)], check=False)
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(path: Path) -> None:
    """Take all that is left of a disk."""
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while file.write(b"x" * 65536):
            pass


class ObjectServer:
    """An object server of this test's own, its data on ``folder``."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._doors = {name: free_port() for name in objectserver.DOORS}
        self._part, self._login = objectserver.part(folder, self._doors), objectserver.login(folder)
        self._process: subprocess.Popen[bytes] | None = None

    def settings(self, settings: Settings) -> Settings:
        """The same, but for this server."""
        there = {"s3": f"http://127.0.0.1:{self._doors['s3']}", "s3_key": self._login.key}
        return settings.model_copy(update=there | {"s3_secret": SecretStr(self._login.secret)})

    @contextmanager
    def running(self) -> Iterator[None]:
        self.restart()
        try:
            yield
        finally:
            self._stop()
            for left in self._part.litter:
                left.unlink(missing_ok=True)

    def restart(self) -> None:
        self._stop()
        self._process = subprocess.Popen(
            self._part.argv, cwd=self._part.cwd, env=child_environment(self._part.env), stderr=subprocess.DEVNULL
        )
        wait_for(self._part.probe, 40)

    def _stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()


def refuse(client: socket.socket, answer: bytes) -> None:
    """What the store would say; nothing at all for an empty answer."""
    if answer:
        body = b"<Error><Code>" + answer.split()[1] + b"</Code></Error>"
        head = b"HTTP/1.1 " + answer + b"\r\nContent-Type: application/xml\r\nConnection: close\r\nContent-Length: "
        client.sendall(head + str(len(body)).encode() + b"\r\n\r\n" + body)


@contextmanager
def door(settings: Settings) -> Iterator[tuple[Settings, list[bytes]]]:
    """Settings that reach the object server through a door of our own, and what the door says instead: a status and
    a code, or nothing at all. An empty list: it lets everything through."""
    target = urlsplit(settings.s3)
    says: list[bytes] = []
    over = threading.Event()
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
                one.settimeout(0.02)
            while not over.is_set():
                for left, right in ((client, server), (server, client)):
                    try:
                        if not (data := left.recv(65536)):
                            return
                    except TimeoutError:
                        continue
                    except OSError:
                        return
                    if says:
                        refuse(client, says[0])
                        return
                    right.settimeout(60)
                    right.sendall(data)
                    right.settimeout(0.02)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield settings.model_copy(update={"s3": f"http://127.0.0.1:{listener.getsockname()[1]}"}), says
    finally:
        over.set()
        thread.join()
        for one in threads:
            one.join()
        listener.close()
