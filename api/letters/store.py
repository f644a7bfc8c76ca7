"""What answers need to know of dead letters, and the adapter over the reads of the projection."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from infra.clickhouse import Database
from infra.settings import Settings
from projections.dead_letters.reads import (
    LetterPlace,
    LetterReads,
    LetterSearch,
    MailLetters,
    Original,
    StoredLetter,
    originals,
)

Where = tuple[str, int, int]
"""(topic, partition, offset) of a record."""


class Letters(Protocol):
    """Reads only; every method blocks. Raises DatabaseUnavailable."""

    def listed(self, search: LetterSearch, limit: int, after: LetterPlace | None = None) -> list[StoredLetter]:
        """At most ``limit`` letters, newest first, those behind ``after``; long values left out."""

    def at(self, topic: str, partition: int, offset: int) -> list[StoredLetter]:
        """Every consumer's letter about one record."""

    def mails_since(self, since_ms: int) -> list[MailLetters]:
        """Letters about mails since then, by the way the mails came."""

    def originals(self, places: Iterable[Where]) -> Iterator[Original]:
        """The record at each place that has a letter, once, as it first stood on its topic."""


class StoredLetters:
    """The Letters of the projection. Thread-safe."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings, self._database = settings, database
        self._reads = LetterReads(database, settings.database)

    def listed(self, search: LetterSearch, limit: int, after: LetterPlace | None = None) -> list[StoredLetter]:
        """See Letters.listed."""
        return self._reads.listed(search, limit, after)

    def at(self, topic: str, partition: int, offset: int) -> list[StoredLetter]:
        """See Letters.at."""
        return self._reads.at(topic, partition, offset)

    def mails_since(self, since_ms: int) -> list[MailLetters]:
        """See Letters.mails_since."""
        return self._reads.mails_since(since_ms)

    def originals(self, places: Iterable[Where]) -> Iterator[Original]:
        """See Letters.originals."""
        return originals(self._database, self._settings, places)
