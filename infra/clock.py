"""The only readers of the clock. Rules never call these; shells pass the result in."""

import time


def now_ms() -> int:
    """Wall clock, UTC milliseconds. May jump; never use it to measure a duration."""
    return time.time_ns() // 1_000_000


def monotonic_s() -> float:
    """Seconds that never jump, for time-outs and backoff."""
    return time.monotonic()


def cpu_s() -> float:
    """Processor time that this process has used, with all of its threads."""
    return time.process_time()


def sleep_s(seconds: float) -> None:
    """Block this thread."""
    time.sleep(seconds)
