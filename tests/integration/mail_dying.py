"""A mail listener that dies, as kill -9 does, at a chosen step: ``python -m tests.integration.mail_dying STEP COUNT``.

The parts that keep mails are replaced by subclasses that count their steps; at the COUNT-th STEP the process is gone.
"""

import asyncio
import os
import signal
import sys
from functools import partial
from typing import Any

import infra.backlog
from infra import journal
from infra.backlog import Backlog
from infra.backlog_file import BacklogFile
from infra.kafka import KafkaLog
from infra.settings import load
from producers.alarms import durable, service
from producers.alarms.durable import Durable, Outcome
from producers.alarms.shipping import Shipping
from producers.alarms.straight import Straight
from schemas.mail import MailReceived

STRAIGHT = ("before append", "after append", "after acknowledgement", "before 250", "after 250")
SPOOLING = ("file made", "before write", "half written", "written", "synced", "before 250", "after 250")
SHIPPING = ("taken up", "shipped one", "before unlink", "unlinked")
_wanted: dict[str, int] = {}
"""Step → how often it may still be reached."""


def step(name: str) -> None:
    """This step has been reached."""
    if name in _wanted:
        _wanted[name] -= 1
        if _wanted[name] == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class DyingLog(KafkaLog):
    def append(self, *args: Any, **more: Any) -> Any:
        step("before append")
        appended = super().append(*args, **more)
        step("after append")
        return appended


class DyingStraight(Straight):
    def send(self, mail: MailReceived) -> "asyncio.Future[bool]":
        sending = super().send(mail)
        sending.add_done_callback(lambda _: step("after acknowledgement") if sending.result() else None)
        return sending


class DyingFile(BacklogFile):
    @classmethod
    def create(cls, path: Any) -> BacklogFile:
        made = super().create(path)
        step("file made")
        return made

    @classmethod
    def adopt(cls, path: Any) -> BacklogFile | None:
        adopted = super().adopt(path)
        step("taken up")
        return adopted

    def write(self, data: bytes) -> None:
        step("before write")
        super().write(data[: len(data) // 2])
        step("half written")
        super().write(data[len(data) // 2 :])
        step("written")

    def sync(self) -> None:
        super().sync()
        step("synced")

    def remove(self) -> None:
        step("before unlink")
        super().remove()
        step("unlinked")


class DyingShipping(Shipping):
    async def _send(self, mail: MailReceived) -> Any:
        fate = await super()._send(mail)
        step("shipped one")
        return fate


class DyingDurable(Durable):
    async def keep(self, mail: MailReceived) -> Outcome:
        outcome = await super().keep(mail)
        step("before 250")
        asyncio.get_running_loop().call_later(0.003, step, "after 250")
        return outcome


def put_in_place() -> None:
    """From now on ``durable.opened`` makes what dies."""
    durable.KafkaLog, durable.Straight = DyingLog, DyingStraight  # type: ignore[misc]
    durable.Shipping, durable.Durable = DyingShipping, DyingDurable  # type: ignore[misc]
    durable.Backlog = partial(Backlog, create=DyingFile.create)  # type: ignore[misc, assignment]
    infra.backlog.BacklogFile = DyingFile  # type: ignore[misc]


if __name__ == "__main__":
    _wanted[sys.argv[1]] = int(sys.argv[2])
    put_in_place()
    found = load()
    journal.setup(found)
    service.run(found)
