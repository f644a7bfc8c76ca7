"""What was answered 250 is on the topic, wherever the listener is killed and however long the broker is away.

``--kills 100 --mails 20000 --outage-s 120`` runs it at the length the targets name; the defaults fit a test run.
"""

import contextlib
import json
import secrets
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import cycle
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from infra import kafka
from infra.objects import S3Store
from infra.settings import Settings, child_environment
from tests.integration import whole
from tests.integration.mail_dying import SHIPPING, SPOOLING, STRAIGHT
from tests.integration.mail_sending import Senders, on_topic
from tests.integration.ports import free_port
from tests.integration.recording import wait_for
from tests.integration.whole import ROOT, Whole

LIFE_S, START_S, BACK_S = 20, 60, 150


class Death(NamedTuple):
    """At which step a process dies, the how many-th, and whether the broker is frozen meanwhile."""

    step: str
    count: int
    is_frozen: bool


def deaths(kills: int) -> list[Death]:
    """Every step in turn: spooled mails are there to be shipped when shipping has its turn."""
    chance = Random(4)
    places = []
    for straight, spooling, shipping in zip(cycle(STRAIGHT), cycle(SPOOLING), cycle(SHIPPING), strict=False):
        places.append(Death(straight, chance.randrange(1, 150), is_frozen=False))
        most = 1 if spooling == "file made" else 150 if "250" in spooling else 12
        places.append(Death(spooling, chance.randrange(1, most + 1), is_frozen=True))
        places.append(Death(shipping, chance.randrange(1, 40) if shipping == "shipped one" else 1, is_frozen=False))
        if len(places) >= kills:
            return places[:kills]
    raise AssertionError


class Listener:
    """A listener of our own servers on a port and a disk of its own, one process after another."""

    def __init__(self, stack: Settings, data: Path) -> None:
        more = {
            "topic_prefix": f"m{secrets.token_hex(3)}.", "smtp_port": free_port(), "smtp_ack_s": 0.5, "data": data,
            "health_port": 0,
        }  # fmt: skip
        self.settings = stack.model_copy(update=more)
        self.output = data / "said.log"
        servers = SimpleNamespace(pid=json.loads((stack.data / "stack.json").read_text())["pid"])
        self.servers = Whole(stack.data, servers)  # type: ignore[arg-type]
        kafka.ensure_topics(self.settings)
        S3Store(self.settings).ensure_bucket()

    @contextmanager
    def life(self, step: str = "", count: int = 0) -> Iterator[subprocess.Popen[bytes]]:
        """A process that listens, or has died already; killed at the end unless it ended by itself."""
        words = [sys.executable, "-m", "tests.integration.mail_dying", step, str(count)]
        environment = child_environment(self.settings.as_environment())
        with (
            self.output.open("ab") as output,
            subprocess.Popen(words, cwd=ROOT, env=environment, stdout=output, stderr=output) as process,
        ):
            try:
                wait_for(lambda: process.poll() is not None or self._listens(), START_S)
                yield process
            finally:
                process.kill()

    def dies(self, death: Death) -> str:
        """The step at which it died; ``in passing`` when that step was not reached and it was killed from outside."""
        with self.life(death.step, death.count) as process:
            with self.servers.frozen("kafka") if death.is_frozen else nullcontext():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(LIFE_S)
                reached = process.poll() is not None
                process.kill()
            assert process.wait() == -signal.SIGKILL, self.output.read_text()
        return death.step if reached else "in passing"

    def ends_well(self, process: subprocess.Popen[Any]) -> None:
        """SIGTERM, after everything in the spool has been shipped."""
        wait_for(lambda: not list((self.settings.data / "mails").iterdir()), BACK_S)
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0, self.output.read_text()

    def _listens(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.settings.smtp_port), 1):
            return True
        return False


@pytest.fixture
def listener(stack: Settings, tmp_path: Path) -> Listener:
    return Listener(stack, tmp_path)


@pytest.mark.chaos
@pytest.mark.timeout(3600)
def test_kill_9_at_every_step_loses_nothing_that_was_answered_250(
    listener: Listener, request: pytest.FixtureRequest
) -> None:
    kills, mails = request.config.getoption("--kills"), request.config.getoption("--mails")
    senders = Senders(listener.settings.smtp_port)
    with contextlib.ExitStack() as still_sending:
        still_sending.enter_context(senders)
        died = Counter(map(listener.dies, deaths(kills)))
        with listener.life() as process:
            wait_for(lambda: len(senders.acknowledged) >= mails, 600)
            still_sending.close()
            listener.ends_well(process)
    found = Counter(on_topic(listener.settings))
    print(f"{len(senders.acknowledged)} acknowledged, {sum(found.values())} on the topic, {kills} kills: {dict(died)}")
    assert not senders.acknowledged - found.keys()
    assert died["in passing"] <= kills // 3


@pytest.mark.chaos
@pytest.mark.timeout(1800)
def test_a_broker_that_is_frozen_and_then_killed_costs_no_mail_and_puts_no_camera_off(
    listener: Listener, request: pytest.FixtureRequest
) -> None:
    with listener.life() as process:
        with Senders(listener.settings.smtp_port, cameras=4) as senders:
            wait_for(lambda: len(senders.acknowledged) > 50)
            with listener.servers.frozen("kafka"):
                whole.pause_s(request.config.getoption("--outage-s") / 2)
            wait_for(lambda: len(senders.acknowledged) > 200)
            listener.servers.kill("kafka")
            after = len(senders.acknowledged)
            wait_for(lambda: len(senders.acknowledged) > after + 50)
        listener.ends_well(process)
    assert senders.put_off == 0
    assert not senders.acknowledged - set(on_topic(listener.settings))
