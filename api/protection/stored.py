"""The Protection over the projections' reads, and how far these have read."""

from api.protection.store import Ends
from infra import kafka
from infra.clickhouse import Database
from infra.settings import Settings
from projections.generations.reads import ProgressReads
from projections.protected_ranges.reads import ProtectedReads


class StoredProtection(ProtectedReads):
    """See ``api.protection.store.Protection``. Thread-safe."""

    def __init__(self, settings: Settings, database: Database) -> None:
        super().__init__(database, settings.database)
        self._settings = settings
        self._progress = ProgressReads(settings, database)

    def ends(self, topic: str) -> Ends:
        """See Protection.ends."""
        return kafka.end_offsets(self._settings, topic)

    def has_read(self, projection: str, topic: str, ends: Ends) -> bool:
        """See Protection.has_read."""
        return self._progress.has_read(projection, topic, ends)
