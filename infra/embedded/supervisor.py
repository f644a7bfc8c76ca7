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

EAGER_S, STEADY_S = 0.2, 1.0
"""Pause between looks while something is awaited, and while all is well."""
POLITE_S = 20.0
"""So long a part lets others go first."""


@dataclass
class _Run:
    """One part and the process it has now, if any."""

    part: Part
    log: LogFile
    state: State = field(default_factory=State)
    process: subprocess.Popen[bytes] | None = None
    was_ready: bool = False
    polite_since_s: float | None = None
    """Since when it could have started and let others go first."""

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()


class Supervisor:
    """Runs ``parts`` until told to stop.

    Must live on the main thread: the kernel kills a child when the thread that started it ends (see child.py).
    """

    def __init__(self, parts: Sequence[Part], logs: Path, say: Say, policy: Policy) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self._runs = {part.name: _Run(part, LogFile(logs / f"{part.name}.log")) for part in parts}
        self._say = say
        self._policy = policy
        self._stopping = threading.Event()
        self._in_a_hurry = False

    def install_signals(self) -> None:
        """SIGINT and SIGTERM end ``run``; a second one stops waiting for slow parts."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: object) -> None:
        self._in_a_hurry = self._stopping.is_set()
        self._stopping.set()

    def stop(self) -> None:
        """Make ``run`` return after a clean stop."""
        self._stopping.set()

    def is_ready(self, names: Sequence[str] | None = None) -> bool:
        """True when all of these parts (of all parts, without names) are ready."""
        wanted = self._runs if names is None else names
        return all(self._runs[name].state.phase is Phase.READY for name in wanted)

    def run(self, after_look: Callable[["Supervisor"], bool]) -> None:
        """Supervise until a signal, then stop every part.

        ``after_look`` is called after each round and says whether nothing is awaited any more.
        """
        with ThreadPoolExecutor(max(1, len(self._runs)), "probe") as pool:
            try:
                while not self._stopping.is_set():
                    self._look(pool)
                    settled = after_look(self) and self.is_ready()
                    self._stopping.wait(STEADY_S if settled else EAGER_S)
            finally:
                self._stop_all()

    def _look(self, pool: ThreadPoolExecutor) -> None:
        for run, is_well in list(zip(self._runs.values(), pool.map(self._is_well, self._runs.values()), strict=True)):
            self._advance(run, Seen(run.is_alive, is_well, self._may_start(run)))
            run.log.rotate()

    def _may_start(self, run: _Run) -> bool:
        if run.was_ready or not self.is_ready(run.part.needs):
            return run.was_ready
        now_s = clock.monotonic_s()
        run.polite_since_s = run.polite_since_s or now_s
        return self.is_ready(run.part.after) or now_s - run.polite_since_s >= POLITE_S

    def _is_well(self, run: _Run) -> bool:
        try:
            return run.is_alive and run.part.probe()
        except Exception as error:  # noqa: BLE001 - a bug in one probe must not stop every other part
            self._say(run.part.name, f"its probe is broken: {error!r}")
            return False

    def _advance(self, run: _Run, seen: Seen) -> None:
        before, now_s = run.state, clock.monotonic_s()
        run.state, action = decide(before, seen, now_s, run.part.start_s, self._policy)
        if action is Action.START:
            self._start(run)
        elif action is Action.KILL:
            run.kill()
        run.was_ready = run.was_ready or run.state.phase is Phase.READY
        self._report(run, before, now_s)

    def _report(self, run: _Run, before: State, now_s: float) -> None:
        now = run.state
        if now.phase is Phase.READY and before.phase is Phase.STARTING and run.process:
            self._say(run.part.name, f"ready in {now_s - before.since_s:.1f} s (pid {run.process.pid})")
        elif now.phase is Phase.DOWN and before.phase is not Phase.DOWN and run.process:
            why = now.reason if now.was_killed else f"{now.reason} with code {run.process.returncode}"
            last = "".join(f": {line}" for line in run.log.tail(1))
            self._say(run.part.name, f"{why}{last}; again in {now.resume_s - now_s:.1f} s; see {run.log.path}")

    def _start(self, run: _Run) -> None:
        """Give the part a new process; without memory or disk for one, its absence is seen at the next look."""
        launcher = [sys.executable, "-S", "-E", child.__file__, str(os.getpid())]
        run.process = None
        try:
            with run.log.open() as output:
                run.process = subprocess.Popen(
                    [*launcher, *run.part.argv], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                    env=child_environment(run.part.env), cwd=run.part.cwd,
                )  # fmt: skip
        except OSError as error:
            self._say(run.part.name, f"cannot be started now: {error}")

    def _stop_all(self) -> None:
        """Ask each part to stop once nothing that needs it lives; SIGKILL what outlives its grace."""
        asked: dict[str, float] = {}
        while living := [run for run in self._runs.values() if run.is_alive]:
            needed = {name for run in living for name in run.part.needs}
            for run in living:
                if run.part.name not in asked and run.part.name not in needed:
                    asked[run.part.name] = clock.monotonic_s()
                    self._ask_to_stop(run)
                elif run.part.name in asked and self._is_patience_over(run, asked[run.part.name]):
                    self._say(run.part.name, "did not stop in time, killed")
                    run.kill()
            clock.sleep_s(0.05)

    def _ask_to_stop(self, run: _Run) -> None:
        self._say(run.part.name, "stopping")
        if run.process:
            run.process.send_signal(run.part.stop_signal)

    def _is_patience_over(self, run: _Run, asked_s: float) -> bool:
        return self._in_a_hurry or clock.monotonic_s() - asked_s > run.part.grace_s
