"""The only readers of the clock. Rules never call these; shells pass the result in."""

import secrets
import time
from functools import cache
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_TIME_NAMESPACE = Path("/proc/self/ns/time")


def now_ms() -> int:
    """Wall clock, UTC milliseconds. May jump; never use it to measure a duration."""
    return time.time_ns() // 1_000_000


def monotonic_s() -> float:
    """Seconds that never jump, for time-outs and backoff."""
    return time.monotonic()


def uptime_ms() -> int:
    """Milliseconds since the machine started, sleep included: nobody can set them. Compare within one ``boot_id``."""
    return time.clock_gettime_ns(_uptime_clock()) // 1_000_000


@cache
def boot_id() -> str:
    """Which start of which machine ``uptime_ms`` counts from, at most 64 characters; the same in all its processes.

    Where the machine does not say, it is this process's own: then time between two processes counts as nothing.
    """
    try:
        boot = _BOOT_ID.read_text().strip()
    except OSError:
        return secrets.token_hex(16)
    return f"{boot}-{_namespace()}"[:64]


def cpu_s() -> float:
    """Processor time that this process has used, with all of its threads."""
    return time.process_time()


def sleep_s(seconds: float) -> None:
    """Block this thread."""
    time.sleep(seconds)


def _uptime_clock() -> int:
    return getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def _namespace() -> str:
    """A container may have an uptime of its own, though it shares the machine's start."""
    try:
        return str(_TIME_NAMESPACE.stat().st_ino)
    except OSError:
        return "0"
