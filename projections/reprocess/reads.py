"""The SELECTs behind runs that look at the past again, and how far each is. Block; raise what Database raises."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, get_args

import msgspec
from msgspec import Struct

from infra import kafka
from infra.clickhouse import Database
from infra.settings import Settings
from projections.columns import LAST_MS
from schemas.motion import Stretch

__all__ = ["LAST_MS", "STATES", "Progress", "RunPlace", "RunReads", "State", "StoredRun", "behind", "group"]

State = Literal["requested", "running", "done", "promoting", "promoted", "dropped"]
"""requested: nobody has begun. done: every verdict is told. promoting: they count, their episodes are being saved."""
STATES: tuple[State, ...] = get_args(State)
_COLUMNS = (
    "run, state, media, from_ms, to_ms, detector, evidence, settings, requested_ms, requested_by, begun_ms, topic,"
    " stretches, looked_ms, promoted_ms, promoted_by, applied_ms, dropped_ms, dropped_by"
)


class StoredRun(Struct, frozen=True, kw_only=True):
    """One run: what was asked for, and what was decided."""

    run: str
    state: State
    media: tuple[str, ...]
    """Empty: every camera."""
    from_ms: int
    to_ms: int
    detector: str
    evidence: str
    settings: str
    """JSON."""
    requested_ms: int
    requested_by: str
    begun_ms: int | None
    topic: str
    """Where the records are that it is about; empty: nobody has begun."""
    stretches: tuple[Stretch, ...]
    """These records."""
    looked_ms: int | None
    promoted_ms: int | None
    promoted_by: str
    applied_ms: int | None
    dropped_ms: int | None
    dropped_by: str

    @property
    def place(self) -> "RunPlace":
        """Where it stands among all runs."""
        return RunPlace(self.requested_ms, self.run)


class RunPlace(NamedTuple):
    """Where a run stands in the order of requests; equal times by name."""

    requested_ms: int
    run: str


class Progress(NamedTuple):
    """How many records a run is about, and how many of them it has behind it."""

    records: int
    done: int


class RunReads:
    """Answers about runs from the public view and from the log. Raises LogUnavailable as well."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._public = settings.database

    def page(self, limit: int, after: RunPlace | None = None, state: State | None = None) -> list[StoredRun]:
        """At most ``limit`` runs (in ``state``), newest first, those behind ``after``."""
        parts = ["true"]
        parts += ["(requested_ms, run) < ({at_ms:Int64}, {at_run:String})"] if after else []
        parts += ["state = {state:String}"] if state else []
        sql = f"""SELECT {_COLUMNS} FROM {{public:Identifier}}.reprocess_runs WHERE {" AND ".join(parts)}
          ORDER BY requested_ms DESC, run DESC LIMIT {{n:UInt32}}"""
        at_ms, at_run = after or (0, "")
        return self._runs(sql, n=limit, at_ms=at_ms, at_run=at_run, state=state)

    def get(self, run: str) -> StoredRun | None:
        """The run of this name; None when nobody asked for one."""
        sql = f"SELECT {_COLUMNS} FROM {{public:Identifier}}.reprocess_runs WHERE run = {{run:String}}"
        return next(iter(self._runs(sql, run=run)), None)

    def promoted(self, media: str) -> list[str]:
        """Names of the runs whose verdicts count for a camera, the one promoted last first."""
        sql = """SELECT run FROM {public:Identifier}.reprocess_runs
          WHERE state IN ('promoting', 'promoted') AND (empty(media) OR has(media, {media:String}))
          ORDER BY promoted_ms DESC, run DESC"""
        rows = self._database.rows(sql, {"public": self._public, "media": media})
        return [row["run"] for row in rows]

    def progress(self, run: StoredRun) -> Progress | None:
        """How far a run is; None while nobody has begun it."""
        if run.begun_ms is None:
            return None
        records = sum(one.end - one.begin for one in run.stretches)
        if run.looked_ms is not None:  # the log forgets groups that have nothing to do
            return Progress(records, records)
        return Progress(
            records, behind(run.stretches, kafka.committed_offsets(self._settings, group(run.run), run.topic))
        )

    def _runs(self, sql: str, **values: Any) -> list[StoredRun]:
        return msgspec.convert(self._database.rows(sql, {"public": self._public, **values}), list[StoredRun])


def group(run: str) -> str:
    """The consumer group of a run, without the topic prefix."""
    return f"motion-run-{run}"


def behind(stretches: tuple[Stretch, ...], committed: Mapping[int, int]) -> int:
    """How many records of these stretches lie before the offsets committed; a partition without one has not begun."""
    return sum(min(max(committed.get(one.partition, 0), one.begin), one.end) - one.begin for one in stretches)
