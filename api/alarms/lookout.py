"""The lookout: who has fallen silent and who is heard again, told once, by the process that claimed it first."""

import threading
from collections.abc import Callable, Iterable, Sequence

from api import writes
from api.alarms.alert_text import Message, length, message
from api.alarms.alerts import Alerts, Thing
from api.alarms.health import Health, Standing, counted
from api.archive import Lag
from api.metrics import Metrics
from api.times import iso
from infra import clock, journal
from infra.clickhouse import DatabaseError, DatabaseUnavailable
from infra.following import Source, usable
from infra.log import FactLog, LogUnavailable
from schemas.facts import AlertClaimed, AlertDelivered

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
        self, health: Health, lags: Callable[[], Iterable[Lag]], log: FactLog, open_source: Callable[[], Source],
        metrics: Metrics, tell: Callable[[Message], bool], process: str,
    ) -> None:  # fmt: skip
        """``lags``: how far tables are behind; ``open_source``: reads topic ``alerts`` from its first fact; ``tell``:
        True when it reached somebody; ``process``: a name nobody else has.
        """
        self._health, self._lags, self._log, self._metrics, self._tell = health, lags, log, metrics, tell
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
        if any(_is_behind(one, now_ms) for one in self._lags()):
            journal.get("alerts").info("nobody is judged while the tables are behind")
            return []
        standings = {one.camera.media: one for one in self._health.standings(now_ms)}
        self._metrics.mail(counted(standings.values()))
        self._read_on()
        untold = list(self._alerts.untold(standings.values()))
        held = self._claim([one for one in untold if self._alerts.is_free(one, now_ms)], now_ms)
        told = held if held and self._deliver(held, standings, now_ms) else []
        self._append([AlertDelivered(process=self._process, observed_ms=now_ms, **one._asdict()) for one in told])
        self._metrics.alerts_waiting(len(untold) - len(told))
        return told

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
            journal.get("alerts").warning("cannot look for silent cameras", error=error)
        except Exception as error:  # noqa: BLE001 - alerts must not end for ever because of one look
            journal.get("alerts").error("unexpected", exc_info=error)

    def _claim(self, things: list[Thing], now_ms: int) -> list[Thing]:
        """Those of ``things`` that are ours to tell: our claim was the first on the topic."""
        self._append([AlertClaimed(process=self._process, observed_ms=now_ms, **one._asdict()) for one in things])
        return [one for one in things if self._alerts.is_held(one, self._process)]

    def _deliver(self, things: list[Thing], standings: dict[str, Standing], now_ms: int) -> bool:
        for one in things:
            last_ms = standings[one.media].camera.last_ms or 0
            if one.alert == "silent":
                told = {"last_mail": iso(last_ms), "quiet": length(now_ms - last_ms)}
                journal.get("alerts").warning("camera mails no longer", media=one.media, **told)
            else:
                journal.get("alerts").info("camera mails again", media=one.media, since=iso(one.since_ms))
        return self._tell(message(things, standings, now_ms))

    def _append(self, facts: Sequence[AlertClaimed | AlertDelivered]) -> None:
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


def _is_behind(lag: Lag, now_ms: int) -> bool:
    is_late = lag.watermark_ms is None or lag.watermark_ms < now_ms - BEHIND_MS
    return lag.projection == "alarms" and lag.records > 0 and is_late
