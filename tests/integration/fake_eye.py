"""An eye without decoders, whose verdict is what it was given: ``python -m tests.integration.fake_eye START_MS:HOW…``.

Reading a segment that starts at one of these times ends it, in that way.
"""

import os
import signal
import sys
import threading
from hashlib import sha256

from infra import journal
from infra.objects import ObjectMissing, S3Store
from infra.ranges import Ranges
from infra.settings import load
from processors.motion.detector import Bytes, Found, Task, Trace
from processors.motion.entry import eye

HOWS = {"crash": "SIGSEGV", "time": "SIGXCPU", "memory": "exit 3", "nothing": "stood still"}


class Telling:
    """A detector that tells what it reads: its chain's bytes, then its own."""

    name, version, epoch_ms, warm_ms = "cascade", "1", 300_000, 60_000

    def __init__(self, poison: dict[str, str]) -> None:
        self._poison = poison

    def scan(self, task: Task, footage: Bytes, trace: Trace | None = None) -> Found:
        read = sha256()
        for one in (*task.before, task.segment):
            try:
                read.update(*footage.ranges(one.object_key, [(0, 64)]))
            except ObjectMissing:
                if one is task.segment:
                    raise
            if how := self._poison.get(str(one.start_ms)):
                end(how)
        from_ms = task.before[0].start_ms if task.before else None
        return Found("still", "keyframes", reason=read.hexdigest(), baseline_from_ms=from_ms)


def end(how: str) -> None:
    held = []
    if how == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    while how == "time":
        pass
    while how == "memory":
        held.append(bytearray(8 << 20))
    threading.Event().wait()


if __name__ == "__main__":
    settings = load()
    journal.setup(settings)
    poison = dict(one.split(":") for one in sys.argv[1:])
    eye.run(settings, {"cascade@1": Telling(poison)}, Ranges(settings), S3Store(settings), niceness=0)
