"""How full the store is, by the way that its settings allow."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from infra import journal, kafka
from infra.clock import monotonic_s
from infra.embedded import objectroom
from infra.embedded.objectroom import Room
from infra.following import usable
from infra.objects import ObjectStore, S3Store, StoreRefused, StoreUnavailable
from infra.settings import Settings
from producers.storage.footage import Footage
from producers.storage.ledger import Ledger
from schemas import media, topics
from schemas.facts import SegmentRecorded, SegmentsDeleted, StorageMeasured
from schemas.retention import UNKNOWN_BYTES

PREFIX = "segments/"
UNKNOWN = Room(0, UNKNOWN_BYTES)
"""A store that nothing is known of: never full, and time passes all the same."""
_PAGE, _REST_S = 1000, 0.05
"""Objects that a store lists in one answer, and the pause after each: other questions come first."""
_AGAIN_S, _DUTY = 600.0, 20
"""A listing is followed by another after ten minutes, or twenty times as long as it took."""

_log = journal.get("storage")


class Level(Protocol):
    """Raises StoreUnavailable or StoreRefused when it cannot be known now."""

    def read(self) -> Room:
        """As it is now."""


@contextmanager
def opened(settings: Settings) -> Iterator[Level]:
    """The level of the store of these settings. Raises LogUnavailable."""
    if settings.storage_bytes:
        with BucketLevel.of(settings) as level:
            yield level
    elif objectroom.is_embedded(settings):
        yield DiskLevel(settings)
    else:
        _log.warning("nothing says how large the store is, so no room is ever made", todo="set SIGHTLOG_STORAGE_BYTES")
        yield UnknownLevel()


class News(Protocol):
    """What comes to the store and goes; ``Footage`` is one."""

    def news(self) -> Iterable[SegmentRecorded | SegmentsDeleted]:
        """What has come since; waits for nothing."""

    def close(self) -> None:
        """Release the connection."""


class UnknownLevel:
    """Of a store elsewhere that nobody gave a size."""

    def read(self) -> Room:
        """Never full."""
        return UNKNOWN


class DiskLevel:
    """Of the embedded store's disk."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def read(self) -> Room:
        """See Level.read."""
        return objectroom.room(self._settings)


class BucketLevel:
    """Of footage in a bucket that may hold so many bytes; ``with`` lists it again and again in a thread of its own."""

    def __init__(self, store: ObjectStore, footage: News, capacity_bytes: int, used_bytes: int) -> None:
        """``used_bytes``: as last told; what counts until the first listing is done."""
        self._store, self._footage, self._capacity_bytes = store, footage, capacity_bytes
        self._ledger, self._changing = Ledger(used_bytes), threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._list_for_ever, name="listing", daemon=True)

    @classmethod
    def of(cls, settings: Settings) -> "BucketLevel":
        """That of these settings. Raises LogUnavailable."""
        return cls(S3Store(settings), Footage(settings), settings.storage_bytes, last_told(settings))

    def __enter__(self) -> "BucketLevel":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(5)
        self._footage.close()

    def read(self) -> Room:
        """See Level.read."""
        with self._changing:
            self._hear()
            return Room(self._ledger.used_bytes, self._capacity_bytes)

    def _hear(self) -> None:
        for fact in self._footage.news():
            if isinstance(fact, SegmentRecorded):
                self._ledger.store(fact.object_key, fact.size_bytes)
            else:
                self._ledger.delete(media.segment_key(fact.media, fact.start_ms), fact.size_bytes)

    def _list_for_ever(self) -> None:
        while not self._stopping.is_set():
            began_s = monotonic_s()
            try:
                self._list()
            except (StoreUnavailable, StoreRefused) as error:
                with self._changing:
                    self._ledger.abandon()
                _log.warning("the bucket cannot be listed", reason=str(error))
            self._stopping.wait(max(_AGAIN_S, _DUTY * (monotonic_s() - began_s)))

    def _list(self) -> None:
        with self._changing:
            self._hear()
            self._ledger.begin()
        for number, found in enumerate(self._store.list(PREFIX), start=1):
            with self._changing:
                self._ledger.list(found.key, found.size_bytes)
            if number % _PAGE == 0 and self._stopping.wait(_REST_S):
                return
        with self._changing:
            self._ledger.end()


def last_told(settings: Settings) -> int:
    """Bytes used as this store was last measured; 0: it was not."""
    used = 0
    for _, fact in usable(kafka.read_topic(settings, topics.STORAGE.name), "storage"):
        if isinstance(fact, StorageMeasured) and fact.store == settings.s3_bucket:
            used = fact.used_bytes
    return used
