"""The supervisor with small parts of our own: what it does when a start or a probe goes wrong."""

import sys
import threading
from pathlib import Path

import pytest

from infra.embedded import supervisor
from infra.embedded.parts import Part
from infra.embedded.supervision import Policy

SLEEPER = (sys.executable, "-c", "import time; time.sleep(600)")
QUICK = Policy(stall_s=0.5, backoff_s=0.05, backoff_most_s=0.2)


class Said:
    """Lines of the supervisor."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, part: str, line: str) -> None:
        self.lines.append(f"{part}: {line}")

    def has(self, text: str) -> bool:
        return any(text in line for line in self.lines)


def supervise(parts: list[Part], logs: Path, said: Said, until: str) -> None:
    """Run the parts until a line contains `until`, or two minutes have passed."""
    running = supervisor.Supervisor(parts, logs, said, QUICK)
    timer = threading.Timer(120, running.stop)
    timer.start()

    def after_look(running: supervisor.Supervisor) -> bool:
        if said.has(until):
            running.stop()
        return False

    running.run(after_look)
    timer.cancel()
    assert said.has(until), said.lines


def test_a_part_that_exits_is_reported_with_its_code_and_last_line(tmp_path: Path) -> None:
    said = Said()
    part = Part("broken", (sys.executable, "-c", "print('no licence'); raise SystemExit(3)"), lambda: False)
    supervise([part], tmp_path, said, "exited with code 3: no licence; again in")


def test_a_broken_probe_stops_its_part_only(tmp_path: Path) -> None:
    said = Said()

    def broken() -> bool:
        raise KeyError("Topology")

    supervise([Part("ill", SLEEPER, broken), Part("well", SLEEPER, lambda: True)], tmp_path, said, "well: ready in")
    assert said.has("ill: its probe is broken: KeyError('Topology')")


def test_a_part_waits_for_what_it_needs(tmp_path: Path) -> None:
    said = Said()
    open_at = threading.Event()
    server = Part("server", SLEEPER, open_at.is_set)
    client = Part("client", SLEEPER, lambda: True, needs=("server",))
    threading.Timer(1, open_at.set).start()
    supervise([client, server], tmp_path, said, "client: ready")
    ready = [line.split(":")[0] for line in said.lines if "ready" in line]
    stopped = [line.split(":")[0] for line in said.lines if line.endswith("stopping")]
    assert ready == ["server", "client"]
    assert stopped == ["client", "server"]


def test_a_part_lets_others_go_first(tmp_path: Path) -> None:
    said = Said()
    open_at = threading.Event()
    polite = Part("polite", SLEEPER, lambda: True, after=("first",))
    threading.Timer(1, open_at.set).start()
    supervise([polite, Part("first", SLEEPER, open_at.is_set)], tmp_path, said, "polite: ready")
    assert [line.split(":")[0] for line in said.lines if "ready" in line] == ["first", "polite"]


def test_a_part_does_not_wait_for_ever_for_those_who_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "POLITE_S", 0.5)
    polite = Part("polite", SLEEPER, lambda: True, after=("never",))
    supervise([polite, Part("never", SLEEPER, lambda: False)], tmp_path, Said(), "polite: ready")


def test_a_part_deaf_to_sigterm_is_killed_after_its_grace(tmp_path: Path) -> None:
    said = Said()
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open('up', 'w'); time.sleep(600)"
    deaf = Part("deaf", (sys.executable, "-c", code), (tmp_path / "up").exists, cwd=tmp_path, grace_s=0.3)
    supervise([deaf], tmp_path / "logs", said, "deaf: ready")
    assert said.lines[-1] == "deaf: did not stop in time, killed"


def test_a_start_that_the_machine_refuses_is_tried_again(tmp_path: Path) -> None:
    said = Said()
    supervise([Part("lost", SLEEPER, lambda: True, cwd=tmp_path / "gone")], tmp_path, said, "cannot be started now")
