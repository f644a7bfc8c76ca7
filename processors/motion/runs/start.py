"""Which records a run is about, noted once on the log before anybody looks; and whether all of them are behind it."""

import os
import socket
from collections.abc import Mapping
from typing import Literal

from infra import kafka
from infra.clock import now_ms
from infra.log import FactLog
from infra.settings import Settings
from schemas.motion import ReprocessCompleted, ReprocessRequested, ReprocessStarted, Stretch

_TOPICS: Mapping[str, Literal["segments", "motion"]] = {"footage": "segments", "looks": "motion"}
"""Where the records are that a run is about."""


def group(run: str) -> str:
    """The consumer group that all workers of a run are members of."""
    return f"motion-run-{run}"


def start(asked: ReprocessRequested, log: FactLog, settings: Settings) -> None:
    """Note where the run begins and ends, and place its group there. Raises LogUnavailable.

    A segment is told after it ended, so what was told before the run's time began is not about it. Another worker may
    do the same at the same moment: of two notes the first counts, and both begin at one place.
    """
    name = _TOPICS[asked.evidence]
    begins, ends = kafka.offsets_since(settings, name, asked.from_ms), kafka.end_offsets(settings, name)
    if not kafka.place_group(settings, group(asked.run), name, begins, note=str(asked.from_ms)):
        return  # others are at it already
    stretches = tuple(Stretch(partition=one, begin=min(begins[one], end), end=end) for one, end in sorted(ends.items()))
    told = ReprocessStarted(
        run=asked.run, observed_ms=now_ms(), by=worker(), topic=_TOPICS[asked.evidence], stretches=stretches
    )
    log.append(told).result()


def complete(run: str, step: Literal["looked", "promoted"], log: FactLog) -> None:
    """Tell that this much of a run is done. Raises LogUnavailable."""
    log.append(ReprocessCompleted(run=run, observed_ms=now_ms(), by=worker(), step=step)).result()


def worker() -> str:
    """This process, for people."""
    return f"{socket.gethostname()}:{os.getpid()}"


def is_done(started: ReprocessStarted, settings: Settings) -> bool:
    """True once the workers of a run have told everything. Raises LogUnavailable."""
    done = kafka.committed_offsets(settings, group(started.run), started.topic)
    return all(one.begin == one.end or done.get(one.partition, 0) >= one.end for one in started.stretches)
