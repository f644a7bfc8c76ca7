"""What answers need to know of motion. The reads of the projections are these."""

from typing import Protocol

from projections.motion.reads import ScanCounts, ScanSearch, StoredScan
from projections.reprocess.reads import Progress, RunPlace, State, StoredRun


class Motion(Protocol):
    """Verdicts; every method blocks. Raises DatabaseUnavailable."""

    def scans(
        self, search: ScanSearch, limit: int, after_ms: int | None = None, looks: bool = False
    ) -> list[StoredScan]:
        """At most ``limit`` verdicts, by start, those of segments that start after ``after_ms``."""

    def counts(self, search: ScanSearch) -> ScanCounts:
        """How many segments that reach into the span got which verdict."""


class Runs(Protocol):
    """Runs that look at the past again; every method blocks. Raises DatabaseUnavailable, LogUnavailable."""

    def page(self, limit: int, after: RunPlace | None = None, state: State | None = None) -> list[StoredRun]:
        """At most ``limit`` runs (in ``state``), newest first, those behind ``after``."""

    def get(self, run: str) -> StoredRun | None:
        """The run of this name; None when nobody asked for one."""

    def promoted(self, media: str) -> list[str]:
        """Names of the runs whose verdicts count for a camera, the one promoted last first."""

    def progress(self, run: StoredRun) -> Progress | None:
        """How far a run is; None while nobody has begun it."""
