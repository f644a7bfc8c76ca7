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


class Source(Protocol):
    """A connected source. Used by one thread."""

    def items(self) -> Iterator[Item]:
        """A format before the first sample and wherever it changes; samples in decode order, tracks interleaved.

        Ends where the footage ends. Raises SourceFailed when it breaks, or is silent for too long.
        """

    def close(self) -> None:
        """Release the connection."""
