"""What every source of footage offers, and how its failures are told."""

from collections.abc import Iterator
from typing import Protocol, TypeAlias

from producers.segments.samples import Format, Sample
from schemas.facts import GapReason

Item: TypeAlias = Format | Sample


class SourceFailed(Exception):
    """The source gives no more footage. The message is for people and holds no address and no password."""

    def __init__(self, detail: str, reason: GapReason = "source_lost") -> None:
        super().__init__(detail)
        self.reason: GapReason = reason


_ADVICE = (
    ("refused", "nothing listens there: check host and port"),
    ("login or password", "set the right login in the camera's source"),
    ("no such stream", "check the path of the address in the camera's manual"),
    ("404", "check the path of the address"),
    ("no such file", "check the path, on the machine that runs the recorder"),
    ("not known", "check the host name"),
    ("no route", "check the network between recorder and camera"),
    ("in time", "check that the camera has power and is reachable"),
    ("silent", "check that the camera has power and is reachable"),
    ("invalid data", "this is no video that can be read: try the address in a player"),
    ("key frame", "set a key frame interval of a few seconds in the camera"),
    ("spool", "make room on the recorder's disk"),
)


def advice(detail: str) -> str:
    """What a person can do about a source that failed with this detail."""
    lower = detail.lower()
    return next((hint for word, hint in _ADVICE if word in lower), "it is tried again; try the address in a player")


class Source(Protocol):
    """A connected source. Used by one thread."""

    def items(self) -> Iterator[Item]:
        """A format before the first sample and wherever it changes; samples in decode order, tracks interleaved.

        Ends where the footage ends. Raises SourceFailed when it breaks, or is silent for too long.
        """

    def close(self) -> None:
        """Release the connection."""
