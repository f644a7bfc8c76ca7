"""The stack under kill, freeze and Ctrl-C, with the real servers."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from confluent_kafka import Consumer, Message, Producer
from confluent_kafka.admin import AdminClient, NewTopic
from minio import Minio

from infra import lock
from infra.settings import child_environment
from tests.integration.recording import BUSY

STALL_S = 8.0
"""Longer than a busy machine leaves a well part without an answer."""
ROOT = Path(__file__).parents[2]


@dataclass
class Running:
    """A stack in a process of its own, and what it said."""

    data: Path
    process: subprocess.Popen[bytes]

    @property
    def settings(self) -> dict[str, str]:
        return dict(json.loads((self.data / "stack.json").read_text())["settings"])

    def said(self) -> str:
        return (self.data / "said.log").read_text()

    def children(self) -> dict[str, int]:
        """Pid by part name."""
        pids = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return {_part(int(pid)): int(pid) for pid in pids}

    def await_replaced(self, name: str, old: int, seconds: float) -> None:
        await_true(lambda: self.children().get(name, old) != old, seconds)
        await_true(lambda: f"(pid {self.children().get(name)})" in self.said(), 60)


def _part(pid: int) -> str:
    try:
        argv = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):  # gone since it was listed
        argv = b""
    names = {b"kafka.Kafka": "kafka", b"weed": "objects", b"clickhouse": "clickhouse"}
    return next((name for mark, name in names.items() if mark in argv), str(pid))


def await_true(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds * BUSY
    while not condition():
        assert time.monotonic() < deadline, "timed out"
        time.sleep(0.1)


def start(data: Path) -> Running:
    data.mkdir(exist_ok=True)
    with (data / "said.log").open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.embedded", "--data", str(data)], cwd=ROOT,
            stdout=subprocess.PIPE, stderr=said, env=child_environment({"SIGHTLOG_STALL_S": str(STALL_S)}),
        )  # fmt: skip
    running = Running(data, process)
    assert process.stdout
    assert process.stdout.readline().startswith(b"ready:"), running.said()
    return running


def end(running: Running) -> None:
    if running.process.poll() is None:
        running.process.send_signal(signal.SIGINT)
    running.process.communicate(timeout=180)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    stack = start(tmp_path_factory.mktemp("supervised"))
    yield stack
    end(stack)


def acknowledged(bootstrap: str, topic: str, count: int) -> list[bytes]:
    """Values that the broker acknowledged."""
    done: list[bytes] = []
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all", "enable.idempotence": True})

    def delivered(error: object, sent: Message) -> None:
        if not error:
            done.append(sent.value())

    for number in range(count):
        producer.produce(topic, str(number).encode(), on_delivery=delivered)
    producer.flush(120)
    return done


def consumed(bootstrap: str, topic: str, count: int) -> list[bytes]:
    reader = Consumer({"bootstrap.servers": bootstrap, "group.id": topic, "auto.offset.reset": "earliest"})
    reader.subscribe([topic])
    values: list[bytes] = []
    deadline = time.monotonic() + 60 * BUSY
    while len(values) < count and time.monotonic() < deadline:
        values += [message.value() for message in reader.consume(500, 1.0) if not message.error()]
    reader.close()
    return values


def test_a_killed_broker_comes_back_with_every_acknowledged_record(running: Running) -> None:
    kafka = running.settings["kafka"]
    admin = AdminClient({"bootstrap.servers": kafka})
    for future in admin.create_topics([NewTopic("kept", 4)]).values():
        future.result(60)
    sent = acknowledged(kafka, "kept", 2000)
    assert len(sent) == 2000
    before = running.children()
    os.kill(before["kafka"], signal.SIGKILL)
    running.await_replaced("kafka", before["kafka"], 15)
    assert sorted(consumed(kafka, "kept", 2000)) == sorted(sent)
    assert running.children()["objects"] == before["objects"]


def test_a_killed_object_server_comes_back_with_every_acknowledged_object(running: Running) -> None:
    settings = running.settings
    store = Minio(settings["s3"].removeprefix("http://"), settings["s3_key"], settings["s3_secret"], secure=False)
    store.make_bucket("kept")
    sent = {f"{number}": os.urandom(50_000) for number in range(60)}
    for name, content in sent.items():
        store.put_object("kept", name, io.BytesIO(content), len(content))
    before = running.children()
    os.kill(before["objects"], signal.SIGKILL)
    running.await_replaced("objects", before["objects"], 15)
    assert {name: store.get_object("kept", name).data for name in sent} == sent


@pytest.mark.parametrize("name", ["objects", "kafka"])
def test_a_frozen_part_is_replaced_and_only_that_one(running: Running, name: str) -> None:
    before = running.children()
    os.kill(before[name], signal.SIGSTOP)
    running.await_replaced(name, before[name], STALL_S + 20)
    after = running.children()
    assert {part for part in before if before[part] != after[part]} == {name}
    assert f"no answer for {STALL_S:.0f} s" in running.said()


def test_a_second_start_on_the_same_folder_says_who_runs_it_and_touches_nothing(running: Running) -> None:
    before = (running.data / "stack.json").read_text(), running.children()
    second = subprocess.run(
        [sys.executable, "-m", "infra.embedded", "--data", str(running.data)], cwd=ROOT, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert second.returncode == 2
    assert f"process {running.process.pid} already runs on {running.data} at http://127.0.0.1:" in second.stderr
    assert len(second.stderr.splitlines()) == 1
    assert ((running.data / "stack.json").read_text(), running.children()) == before


def test_ctrl_c_stops_every_part_and_forgets_the_addresses(tmp_path: Path) -> None:
    stack = start(tmp_path / "data")
    parts = stack.children()
    stack.process.send_signal(signal.SIGINT)
    assert stack.process.wait(timeout=120) == 0
    assert not [name for name, pid in parts.items() if Path(f"/proc/{pid}").exists()]
    assert "killed" not in stack.said()
    assert not (stack.data / "stack.json").exists()
    assert not lock.is_held(stack.data)


def test_a_killed_supervisor_leaves_no_orphan_and_the_next_start_keeps_its_addresses(tmp_path: Path) -> None:
    stack = start(tmp_path / "data")
    addresses, parts = stack.settings, stack.children()
    stack.process.kill()
    stack.process.communicate()
    await_true(lambda: not any(Path(f"/proc/{pid}").exists() for pid in parts.values()), 10)
    assert not lock.is_held(stack.data)
    again = start(stack.data)
    assert again.settings == addresses
    end(again)
