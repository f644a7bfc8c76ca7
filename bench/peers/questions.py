"""The questions, and what is promised for them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bench.peers import archive
from bench.peers.archive import Window

Row = tuple[str | int | None, ...]


@dataclass(frozen=True)
class Question:
    """One question. Every peer answers it under its name, in rows that can be compared."""

    name: str
    about: str
    times_postgres: float | None = None
    """Wanted: at least so many times as fast as PostgreSQL."""
    cpu_ms: float | None = None
    """Wanted: at most so much processor time, client included."""
    repeats: int = 1
    """How often a run asks it: short ones need it, the kernel counts in ticks of 10 ms."""


HISTOGRAM = Question("histogram", "episodes per hour and type over 30 days, all cameras", times_postgres=6)
LABELLED = Question("histogram of a label", "the same for the cameras with one label")
OVERLAP = Question("overlap", "episodes that reach into 10 minutes, all cameras", times_postgres=8, repeats=5)
OVERLAP_ONE = Question("overlap of a camera", "the same for one camera; some opened days before", repeats=5)
OVERLAP_DAY = Question("overlap of a day", "how many episodes of each type reach into a day, all cameras", repeats=2)
MERGE = Question("range merge", "recorded ranges of a day, joined, all cameras", times_postgres=6)
TIMELINE = Question("timeline", "a day of one camera: recorded ranges and marks", cpu_ms=50, repeats=5)
BY_ID = Question("by id", "one episode by its id, camera not told", repeats=10)
NEWEST = Question("newest", "the newest 100 episodes", repeats=5)
WORD = Question("word", "a day's episodes that hold a text", repeats=2)
FEED = Question("feed", "some hundred changes between two positions", repeats=5)
ALL: tuple[Question, ...] = (
    HISTOGRAM, LABELLED, OVERLAP, OVERLAP_ONE, OVERLAP_DAY, MERGE, TIMELINE, BY_ID, NEWEST, WORD, FEED,
)  # fmt: skip


LABEL = "gate"
"""Every fourth camera has it."""


def parameters(question: Question, window: Window) -> dict[str, str | int]:
    """What a question is asked with, by name."""
    from_ms, to_ms = window.day
    if question in (HISTOGRAM, LABELLED):
        from_ms, to_ms = window.month
    elif question in (OVERLAP, OVERLAP_ONE):
        from_ms, to_ms = window.minutes
    return {
        "from_ms": from_ms, "to_ms": to_ms, "media": window.media, "episode_id": window.episode_id, "label": LABEL,
        "word": window.word.lower(), "like": f"%{window.word}%", "first": window.positions[0],
        "end": window.positions[1], "archive_end_ms": archive.END_MS,
    }  # fmt: skip


class Peer(Protocol):
    """One engine with the archive in it."""

    name: str

    def ask(self, question: Question, window: Window) -> Sequence[Row]:
        """The answer, in any order."""

    def cpu_s(self) -> float:
        """Processor seconds of the engine so far, this process not counted."""

    def close(self) -> None:
        """Leave it."""
