"""A whole running system, as `sightlog up` starts it, for tests that hurt it."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from cli import checked
from cli.commands import check
from infra import clock
from infra.settings import Settings, child_environment, load
from projections.segments.audit import Audit
from tests.integration.recording import BUSY, wait_for

ROOT = Path(__file__).parents[2]
_PATIENCE_S = 10.0
"""A live system's rows are always a moment behind its facts; `sightlog check` waits as long."""
MARKS = {b"kafka.Kafka": "kafka", b"weed": "objects", b"infra.embedded.clickhouse": "clickhouse"}


@dataclass
class Whole:
    """A `sightlog up` in a process of its own."""

    data: Path
    process: subprocess.Popen[bytes]

    def settings(self) -> Settings:
        return load(data=self.data)

    def parts(self) -> dict[str, int]:
        """Pid of every part that runs now, by name."""
        pids = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return {name: int(pid) for pid in pids if (name := _part(int(pid)))}

    def kill(self, name: str) -> None:
        """kill -9 one part and wait until the supervisor has replaced it."""
        old = self.parts()[name]
        os.kill(old, signal.SIGKILL)
        wait_for(lambda: self.parts().get(name, old) != old, 60)

    @contextlib.contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """One part stopped dead (SIGSTOP) for as long as the block runs."""
        pid = self.parts()[name]
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):  # frozen for long enough, it has been replaced
                os.kill(pid, signal.SIGCONT)

    def api(self, method: str, path: str, **more: Any) -> httpx.Response:
        settings = self.settings()
        headers = {"Authorization": f"Bearer {settings.token()}"} | more.pop("headers", {})
        return httpx.request(method, settings.base_url + path, headers=headers, timeout=90, **more)

    def add(self, media: str, **config: Any) -> None:
        answer = self.api("PUT", f"/api/v1/media/{media}", json=config)
        assert answer.status_code == 200, answer.text

    def audit(self, grace_ms: int, seconds: float) -> Audit:
        """What `sightlog check` finds, once facts, rows and objects agree; in time, or its report fails the test."""
        deadline = clock.monotonic_s() + seconds * BUSY
        while not (found := checked.footage(self.settings(), grace_ms, _PATIENCE_S, lambda *_: None).audit).is_whole:
            assert clock.monotonic_s() < deadline, list(check.report(found))
            clock.sleep_s(1)
        return found

    def said(self) -> str:
        return (self.data / "said.log").read_text()


@contextlib.contextmanager
def up(data: Path, cut: bool = False, **environment: str) -> Iterator[Whole]:
    """`sightlog up` on a folder with a free port, ready to serve; stopped as Ctrl-C does.

    ``cut``: the block kills it and there is no clean end to expect.
    """
    data.mkdir(exist_ok=True)
    given = {"SIGHTLOG_PARTITIONS": "4", "SIGHTLOG_SEGMENT_MS": "2000", "SIGHTLOG_SPOOL_FREE_BYTES": "0"} | environment
    with (data / "said.log").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "up", "--data", str(data), "--port", "0", "--smtp-port", "0"],
            cwd=ROOT, stdout=said, stderr=said, env=child_environment(given),
        )  # fmt: skip
    whole = Whole(data, process)
    try:
        wait_for(lambda: "ready: http" in whole.said() or process.poll() is not None, 120)
        assert process.poll() is None, whole.said()
        yield whole
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        assert process.wait(270) == 0 or cut, whole.said()


def pause_s(seconds: float) -> None:
    """Let the system run: the wait is the experiment, not a guess at when something is done."""
    clock.sleep_s(seconds)


def _part(pid: int) -> str | None:
    try:
        argv = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except FileNotFoundError:
        return None
    if b"cli.services" in argv:
        return argv[argv.index(b"cli.services") + 1].decode()
    return next((name for mark, name in MARKS.items() if any(mark in word for word in argv)), None)
