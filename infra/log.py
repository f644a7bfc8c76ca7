"""The fact log: what a producer of facts needs of Kafka, and nothing more."""

from concurrent.futures import Future
from typing import NamedTuple, Protocol

from schemas.codec import AnyFact


class Position(NamedTuple):
    """Where an acknowledged fact stands."""

    topic: str
    partition: int
    offset: int


class Record(NamedTuple):
    """One record as it stands on a topic, undecoded. ``topic`` is the registry's name, without prefix."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    timestamp_ms: int
    """When the log took it (not when it happened); 0 when unknown."""
    headers: tuple[tuple[str, bytes], ...] = ()


class LogUnavailable(Exception):
    """The log did not acknowledge in time. The fact may or may not be there: append it again, ids are deterministic."""


class FactLog(Protocol):
    """An append-only log of facts. Facts of one key keep the order of their ``append`` calls."""

    def append(
        self, fact: AnyFact, headers: tuple[tuple[str, bytes], ...] = (), partition: int | None = None
    ) -> "Future[Position]":
        """A future that resolves once every replica has the fact, or fails with LogUnavailable.

        Does not wait for the network; blocks only while the local queue is full. Raises BadFact at once
        when the fact cannot be encoded. ``partition``: where to, instead of where the key belongs.
        """

    def append_raw(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        headers: tuple[tuple[str, bytes], ...] = (),
        partition: int | None = None,
    ) -> "Future[Position]":
        """Like ``append`` for bytes that are already a record (re-driving a dead letter)."""

    def flush(self, timeout_s: float) -> int:
        """Wait until everything appended is answered; the number of facts that are not yet."""

    def close(self) -> None:
        """Flush what can be flushed and release the connection. Appending afterwards raises RuntimeError."""
