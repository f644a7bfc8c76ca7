"""Keeps a set of parts running: starts in order, restarts what crashed or stalled, stops in reverse order."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from infra import clock
from infra.embedded import child
from infra.embedded.logs import LogFile
from infra.embedded.parts import Part
from infra.embedded.supervision import Action, Phase, Policy, Seen, State, decide
from infra.settings import child_environment

Say = Callable[[str, str], None]
"""Takes (part name, one line for a person)."""

EAGER_S, STEADY_S = 0.1, 1.0
"""Pause between looks while something is not ready, and while all is well."""


@dataclass
class _Run:
    """One part and the process it has now, if any."""

    part: Part
    log: LogFile
    state: State = field(default_factory=State)
    process: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Runs ``parts`` until told to stop. Must be created, run and stopped on the process's main thread."""

    def __init__(self, parts: Sequence[Part], logs: Path, say: Say, policy: Policy = Policy()) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self._runs = {part.name: _Run(part, LogFile(logs / f"{part.name}.log")) for part in parts}
        self._say = say
        self._policy = policy
        self._stopping = threading.Event()
        self._hurry = False

    def install_signals(self) -> None:
        """SIGINT and SIGTERM end ``run``; a second one stops waiting for slow parts."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: object) -> None:
        self._hurry = self._stopping.is_set()
        self._stopping.set()

    def stop(self) -> None:
        """Make ``run`` return after a clean stop."""
        self._stopping.set()

    def pids(self) -> dict[str, int]:
        """The process id of every part that lives now."""
        return {name: run.process.pid for name, run in self._runs.items() if run.process and run.alive}

    def is_ready(self, names: Sequence[str] = ()) -> bool:
        """True when these parts (all, when none is named) are ready."""
        return all(self._runs[name].state.phase is Phase.READY for name in names or self._runs)

    def run(self, after_look: Callable[["Supervisor"], None]) -> None:
        """Supervise until a signal or ``stop``, then stop every part; ``after_look`` is called after each round."""
        with ThreadPoolExecutor(max(1, len(self._runs)), "probe") as pool:
            try:
                while not self._stopping.is_set():
                    self._look(pool)
                    after_look(self)
                    self._stopping.wait(STEADY_S if self.is_ready() else EAGER_S)
            finally:
                self._stop_all()

    def _look(self, pool: ThreadPoolExecutor) -> None:
        runs = list(self._runs.values())
        answers = pool.map(lambda run: run.alive and run.part.probe(), runs)
        for run, healthy in zip(runs, list(answers), strict=True):
            self._advance(run, Seen(run.alive, healthy, self.is_ready(run.part.needs) if run.part.needs else True))
            run.log.rotate()

    def _advance(self, run: _Run, seen: Seen) -> None:
        before, now = run.state, clock.monotonic_s()
        run.state, action = decide(before, seen, now, run.part.start_s, self._policy)
        if action is Action.START:
            run.process = self._start(run)
        elif action is Action.KILL:
            self._kill(run)
        if run.state.phase is Phase.READY and before.phase is Phase.STARTING:
            self._say(run.part.name, f"ready in {now - before.since_s:.1f} s (pid {self.pids().get(run.part.name)})")
        if run.state.phase is Phase.DOWN and before.phase is not Phase.DOWN:
            wait_s = run.state.resume_s - now
            self._say(run.part.name, f"{run.state.reason}{self._exit_code(run)}; again in {wait_s:.1f} s; see {run.log.path}")

    def _exit_code(self, run: _Run) -> str:
        code = run.process.poll() if run.process else None
        return "" if code is None or run.state.reason != "exited" else f" with code {code}"

    def _start(self, run: _Run) -> subprocess.Popen[bytes]:
        launcher = [sys.executable, "-S", "-E", child.__file__, str(os.getpid())]
        with run.log.open() as output:
            return subprocess.Popen(
                [*launcher, *run.part.argv], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                env=child_environment(run.part.env), cwd=run.part.cwd,
            )  # fmt: skip

    def _kill(self, run: _Run) -> None:
        if run.process and run.alive:
            run.process.kill()
            run.process.wait()

    def _stop_all(self) -> None:
        """SIGTERM each part once nothing that needs it lives; SIGKILL what outlives its grace."""
        asked: dict[str, float] = {}
        while living := [run for run in self._runs.values() if run.alive]:
            needed = {name for run in living for name in run.part.needs}
            for run in living:
                name = run.part.name
                if name not in needed and name not in asked and run.process:
                    self._say(name, "stopping")
                    run.process.terminate()
                    asked[name] = clock.monotonic_s()
                elif name in asked and (self._hurry or clock.monotonic_s() - asked[name] > run.part.grace_s):
                    self._say(name, "did not stop in time; killed")
                    self._kill(run)
            clock.sleep_s(0.05)
