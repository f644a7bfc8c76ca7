"""Topics that a process follows for what stands on them, such as a registry; bad facts are passed over."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

from infra import journal
from infra.clock import sleep_s
from infra.log import LogUnavailable, Record
from schemas import codec
from schemas.errors import BadFact

_AGAIN_S = 1.0


class Source(Protocol):
    """What a topic is followed through; ``infra.kafka.Follower`` is one."""

    @property
    def caught_up(self) -> bool:
        """True once everything that stood on the topic at the start has been handed out."""

    def poll(self, timeout_s: float) -> list[Record]:
        """The next records; empty when none came in time."""

    def close(self) -> None:
        """Release the connection."""


class MeasuredSource(Source, Protocol):
    """A source that also knows how far it has got; ``infra.kafka.Follower`` is one too."""

    def has_read(self, ends: Mapping[int, int]) -> bool:
        """True once everything before these offsets, by partition, has been handed out."""


def usable(records: Iterable[Record], part: str) -> Iterator[tuple[Record, Any]]:
    """Each record with the fact in it, typed as its topic says. One without is passed over, told as ``part``."""
    for record in records:
        try:
            yield record, codec.decode(record.topic, record.value)
        except BadFact as bad:
            told = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
            journal.get(part).warning("passed over a bad fact", reason=bad.reason, **told)


class Following:
    """A topic from its first fact on; nothing is said before the broker answers. For one thread at a time."""

    def __init__(self, open_source: Callable[[], MeasuredSource], part: str) -> None:
        """``open_source`` raises LogUnavailable while the broker is away; ``part``: who tells the journal."""
        self._open_source, self._part = open_source, part
        self._source: MeasuredSource | None = None

    @property
    def caught_up(self) -> bool:
        """True once everything that stood on the topic when the broker came has been handed out."""
        return self._source is not None and self._source.caught_up

    def has_read(self, ends: Mapping[int, int]) -> bool:
        """True once everything before these offsets, by partition, has been handed out."""
        return self._source is not None and self._source.has_read(ends)

    def poll(self, timeout_s: float) -> list[Any]:
        """The next facts, in order within a partition; empty when none came in time or the broker is away."""
        if self._source is None:
            try:
                self._source = self._open_source()
            except LogUnavailable as error:
                journal.get(self._part).warning("the broker does not answer yet", error=error)
                sleep_s(_AGAIN_S)
                return []
        return [fact for _, fact in usable(self._source.poll(timeout_s), self._part)]

    def close(self) -> None:
        """Release the connection."""
        if self._source is not None:
            self._source.close()
            self._source = None
