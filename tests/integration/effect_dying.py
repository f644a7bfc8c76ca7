"""The effect, dying as kill -9 does at chosen steps: ``python -m tests.integration.effect_dying < steps``.

For each line, the name of a step, a process is forked that carries out orders until it reaches that step and is gone.
Its pid is printed, and then how it ended. One import serves them all.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from typing import Any

from prometheus_client import CollectorRegistry

from infra.health import Beat
from infra.kafka import KafkaLog
from infra.log import Record
from infra.objects import NotDeleted, ObjectInfo, S3Store
from infra.settings import Settings, load
from projections.effects.deleting import Deleting
from projections.effects.metrics import Metrics
from projections.effects.orders import Orders

STEPS = (
    "taken", "looked", "half deleted", "deleted", "verified", "told", "acknowledged", "committed",
)  # fmt: skip
SESSION_MS = 1000
_wanted: list[str] = []


def step(name: str) -> None:
    """This step has been reached."""
    if name in _wanted:
        os.kill(os.getpid(), signal.SIGKILL)


class DyingStore(S3Store):
    has_deleted = False

    def delete(self, keys: Iterable[str]) -> list[NotDeleted]:
        doomed = list(keys)
        refused = super().delete(doomed[: len(doomed) // 2])
        step("half deleted")
        refused += super().delete(doomed[len(doomed) // 2 :])
        self.has_deleted = True
        step("deleted")
        return refused

    def list(self, prefix: str, after: str = "", most: int | None = None) -> Iterator[ObjectInfo]:
        found = list(super().list(prefix, after, most))
        step("verified" if self.has_deleted else "looked")
        return iter(found)


class DyingLog(KafkaLog):
    def append(self, *args: Any, **more: Any) -> Any:
        told = super().append(*args, **more)
        step("told")
        return told


class DyingOrders(Orders):
    def take(self) -> list[Record]:
        records = super().take()
        if records:
            step("taken")
        return records

    def done(self, records: Iterable[Record]) -> None:
        step("acknowledged")
        super().done(records)
        step("committed")


def live(settings: Settings) -> None:
    """Carry out orders until SIGTERM."""
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    log, orders = DyingLog(settings, "effects"), DyingOrders(settings, SESSION_MS)
    Deleting(settings, orders, DyingStore(settings), log, Metrics(CollectorRegistry()), stopping, Beat()).run()
    log.close()


if __name__ == "__main__":
    found = load()
    for line in sys.stdin:
        if not (pid := os.fork()):
            _wanted.append(line.strip())
            live(found)
            os._exit(0)
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
