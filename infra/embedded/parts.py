"""What the supervisor needs to know about one child process, as data."""

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

Probe = Callable[[], bool]
"""Answers within 2 s whether the part serves; never raises for a part that is merely down."""


class StackError(RuntimeError):
    """The stack cannot go on; the message is one line that says what to do next."""


@dataclass(frozen=True)
class Part:
    """One child process: how to start it, when it is well, how long it may take to stop.

    ``needs`` names parts that must be ready before its first start; later it is restarted without them. ``after`` names
    parts that people and cameras wait for: it lets them go first, though not for ever, and nobody waits for it.
    ``start_s`` bounds the time from start to ready, ``grace_s`` the time from ``stop_signal`` to SIGKILL.
    ``litter`` are files it leaves behind outside its folder.
    """

    name: str
    argv: tuple[str, ...]
    probe: Probe
    needs: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    start_s: float = 60.0
    grace_s: float = 15.0
    stop_signal: signal.Signals = signal.SIGTERM
    litter: tuple[Path, ...] = ()
