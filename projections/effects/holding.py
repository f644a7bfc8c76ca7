"""Legal holds beside the deletions: in a thread of its own, where settings want them."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from infra import journal, kafka
from infra.clickhouse import Database
from infra.objects import S3Store, StoreRefused, StoreUnavailable
from infra.settings import Settings
from projections.effects.hold_objects import GROUP, READ, HoldObjects
from projections.effects.orders import Orders
from projections.generations.reads import ProgressReads
from projections.protected_ranges.reads import ProtectedReads
from projections.segments.reads import SegmentReads, StoredSegment
from schemas.intervals import Span

_STORE_S, _JOIN_S, _AGAIN_S, _SESSION_MS = 20.0, 10.0, 60.0, 6000
_PROJECTIONS = {"protections": "protected_ranges", "segments": "segments"}

_log = journal.get("effects.holds")


class Tables(ProtectedReads):
    """See ``hold_objects.Known``. For one thread."""

    def __init__(self, settings: Settings, database: Database) -> None:
        super().__init__(database, settings.database)
        self._settings = settings
        self._footage = SegmentReads(database, settings.database)
        self._progress = ProgressReads(settings, database)

    def each(self, media: str, span: Span) -> Iterator[StoredSegment]:
        """See Known.each."""
        return self._footage.each(media, span)

    def ends(self, topic: str) -> Mapping[int, int]:
        """See Known.ends."""
        return kafka.end_offsets(self._settings, topic)

    def has_read(self, topic: str, ends: Mapping[int, int]) -> bool:
        """See Known.has_read."""
        return not ends or self._progress.has_read(_PROJECTIONS[topic], topic, ends)


@contextmanager
def holding(settings: Settings, stopping: threading.Event) -> Iterator[None]:
    """While this is entered, locks of people are legal holds. What fails stops everything and is raised at the end."""
    if settings.object_lock == "none":
        yield
        return
    failures: list[BaseException] = []

    def hold() -> None:
        try:
            run(settings, stopping)
        except BaseException as failure:  # noqa: BLE001 - raised again below, in the thread that can end the process
            failures.append(failure)
            stopping.set()

    thread = threading.Thread(target=hold, name="legal-holds", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(_JOIN_S)
    if failures:
        raise failures[0]


def run(settings: Settings, stopping: threading.Event, session_ms: int = _SESSION_MS) -> None:
    """Put holds on and take them off until told to stop; a bucket that keeps none is said once a minute."""
    store = S3Store(settings, _STORE_S)
    while not stopping.is_set():
        try:
            store.require_locks()
        except (StoreRefused, StoreUnavailable) as error:
            _log.error("locks are no legal holds", reason=str(error))
            stopping.wait(_AGAIN_S)
            continue
        orders = Orders(settings, session_ms, GROUP, READ)
        HoldObjects(orders, Tables(settings, Database(settings)), store, stopping).run()
