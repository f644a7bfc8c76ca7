"""The lookout: cameras that fall silent and stores that fill up, told once, by the process that claimed it first."""

import threading
from collections.abc import Callable, Iterable, Sequence

from api import writes
from api.alarms.alert_text import Message, length, message
from api.alarms.alerts import Alerts, Fact, Thing, subject
from api.alarms.health import Health, Standing, counted
from api.archive import Lag
from api.metrics import Metrics
from api.retention.store import Levels
from api.times import iso
from infra import clock, journal
from infra.clickhouse import DatabaseError, DatabaseUnavailable
from infra.following import Source, usable
from infra.log import FactLog, LogUnavailable
from projections.storage.reads import StoredExhaustion

LOOK_S = 30.0
FIRST_S = 5.0
BEHIND_MS = 10 * 60_000
"""Tables that are further behind than this, and have facts to read, make cameras look silent that are not."""
_READ_S = 15.0
"""Longest that facts of our own may take to come back to us."""
_POLL_S = 0.2


class Lookout:
    """One process's share; ``with`` makes a thread that looks every ``LOOK_S``."""

    def __init__(
        self, health: Health, levels: Levels, lags: Callable[[], Iterable[Lag]], log: FactLog,
        open_source: Callable[[], Source], metrics: Metrics, tell: Callable[[Message], bool], process: str,
    ) -> None:  # fmt: skip
        """``lags``: how far tables are behind; ``open_source``: reads topic ``alerts`` from its first fact; ``tell``:
        True when it reached somebody; ``process``: a name nobody else has.
        """
        self._health, self._levels, self._lags, self._log = health, levels, lags, log
        self._metrics, self._tell = metrics, tell
        self._open_source, self._process = open_source, process
        self._source: Source | None = None
        self._alerts, self._read_to = Alerts(), 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lookout", daemon=True)

    def __enter__(self) -> "Lookout":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop looking. What was claimed and is not told by then is claimed by another process later."""
        self._stop.set()
        self._thread.join(5)

    def look(self, now_ms: int) -> list[Thing]:
        """What this process has told. Raises LogUnavailable, and what Database raises."""
        standings, exhaustions = self._standings(now_ms), self._exhaustions()
        self._read_on()
        untold = [*self._alerts.untold_of_stores(exhaustions.values()), *self._alerts.untold(standings.values())]
        held = self._claim([one for one in untold if self._alerts.is_free(one, now_ms)], now_ms)
        told = held if held and self._deliver(held, standings, exhaustions, now_ms) else []
        self._append([one.delivered(self._process, now_ms) for one in told])
        self._metrics.alerts_waiting(len(untold) - len(told))
        return told

    def _standings(self, now_ms: int) -> dict[str, Standing]:
        """Every camera; none while the tables are behind, and cameras would look silent that are not."""
        if any(_is_behind(one, now_ms) for one in self._lags()):
            journal.get("alerts").info("nobody is judged while the tables are behind")
            return {}
        standings = {one.camera.media: one for one in self._health.standings(now_ms)}
        self._metrics.mail(counted(standings.values()))
        return standings

    def _exhaustions(self) -> dict[str, StoredExhaustion]:
        """What was said last of each store that ever had no room left."""
        exhaustions = self._levels.exhaustions()
        self._metrics.levels(self._levels.latest(), exhaustions)
        return {subject(one.store): one for one in exhaustions}

    def _run(self) -> None:
        try:
            wait_s = FIRST_S
            while not self._stop.wait(wait_s):
                self._look_once()
                wait_s = LOOK_S
        finally:
            if self._source:
                self._source.close()

    def _look_once(self) -> None:
        try:
            self.look(clock.now_ms())
        except (DatabaseUnavailable, DatabaseError, LogUnavailable) as error:
            journal.get("alerts").warning("cannot look for silent cameras and full stores", error=error)
        except Exception as error:  # noqa: BLE001 - alerts must not end for ever because of one look
            journal.get("alerts").error("unexpected", exc_info=error)

    def _claim(self, things: list[Thing], now_ms: int) -> list[Thing]:
        """Those of ``things`` that are ours to tell: our claim was the first on the topic."""
        self._append([one.claimed(self._process, now_ms) for one in things])
        return [one for one in things if self._alerts.is_held(one, self._process)]

    def _deliver(
        self, things: list[Thing], standings: dict[str, Standing], exhaustions: dict[str, StoredExhaustion], now_ms: int
    ) -> bool:
        for one in things:
            if one.is_of_store:
                _note_store(one)
            else:
                _note_camera(one, standings[one.subject].camera.last_ms or 0, now_ms)
        return self._tell(message(things, standings, now_ms, exhaustions))

    def _append(self, facts: Sequence[Fact]) -> None:
        """Append facts, and read on until they have come back."""
        if facts:
            self._read_on(max(one.offset for one in writes.append(self._log, facts)) + 1)

    def _read_on(self, to_offset: int = 0) -> None:
        """Fold what the topic holds, at least up to an offset. Raises LogUnavailable when that takes too long."""
        source = self._source = self._source or self._open_source()
        deadline_s = clock.monotonic_s() + _READ_S
        while True:
            records = source.poll(_POLL_S)
            for _, fact in usable(records, "alerts"):
                self._alerts.apply(fact)
            self._read_to = max([self._read_to, *(record.offset + 1 for record in records)])
            if not records and source.caught_up and self._read_to >= to_offset:
                return
            if clock.monotonic_s() > deadline_s:
                raise LogUnavailable(f"topic alerts could not be read within {_READ_S:.0f} s")


def _note_store(thing: Thing) -> None:
    since = iso(thing.since_ms)
    if thing.alert == "exhausted":
        journal.get("alerts").warning("no room is left to make", store=thing.subject, since=since)
    else:
        journal.get("alerts").info("there is room again", store=thing.subject, since=since)


def _note_camera(thing: Thing, last_ms: int, now_ms: int) -> None:
    if thing.alert == "silent":
        told = {"last_mail": iso(last_ms), "quiet": length(now_ms - last_ms)}
        journal.get("alerts").warning("camera mails no longer", media=thing.subject, **told)
    else:
        journal.get("alerts").info("camera mails again", media=thing.subject, since=iso(thing.since_ms))


def _is_behind(lag: Lag, now_ms: int) -> bool:
    is_late = lag.watermark_ms is None or lag.watermark_ms < now_ms - BEHIND_MS
    return lag.projection == "alarms" and lag.records > 0 and is_late
