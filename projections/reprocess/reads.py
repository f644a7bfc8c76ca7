"""The SELECTs behind runs that look at the past again. Block; raise what Database raises."""

from typing import Any, Literal, NamedTuple

import msgspec
from msgspec import Struct

from infra.clickhouse import Database

State = Literal["requested", "promoted", "dropped"]
_COLUMNS = (
    "run, state, media, from_ms, to_ms, detector, evidence, settings, requested_ms, requested_by, promoted_ms,"
    " promoted_by, dropped_ms, dropped_by"
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
    promoted_ms: int | None
    promoted_by: str
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


class RunReads:
    """Answers about runs from the public view in database ``public``."""

    def __init__(self, database: Database, public: str) -> None:
        self._database = database
        self._public = public

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
          WHERE state = 'promoted' AND (empty(media) OR has(media, {media:String}))
          ORDER BY promoted_ms DESC, run DESC"""
        rows = self._database.rows(sql, {"public": self._public, "media": media})
        return [row["run"] for row in rows]

    def _runs(self, sql: str, **values: Any) -> list[StoredRun]:
        return msgspec.convert(self._database.rows(sql, {"public": self._public, **values}), list[StoredRun])
