"""What the spool holds goes to the log, oldest first, as soon as the log answers."""

import asyncio
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from enum import Enum

from infra import journal
from infra.backlog import Backlog, Place
from infra.backlog_file import BacklogFile, Contents
from infra.clock import monotonic_s
from producers.alarms.kept_metrics import KeptMetrics
from producers.alarms.large import LargeMails
from producers.alarms.packed import unpacked
from producers.alarms.places import Places
from producers.alarms.straight import Straight
from schemas.errors import BadFact
from schemas.mail import MailReceived

_PAUSE_S = 0.5
_LAST_PAUSE_S = 0.05
_STORE_PAUSE_S = 10.0
_WINDOW = 64
"""Mails on their way at once; one while the log is away: it asks whether the log is back."""
_log = journal.get("smtp")


class _Fate(Enum):
    SENT = "sent"
    STORE_AWAY = "store away"
    """A large mail waits for the object store; the others need not wait for it."""
    LOG_AWAY = "log away"


class Shipping:
    """Empties the spool. A mail is sent at least once: what a crash interrupts is sent again, its identity the same."""

    def __init__(
        self, backlog: Backlog, places: Places, straight: Straight, large: LargeMails, metrics: KeptMetrics
    ) -> None:
        self._backlog, self._places = backlog, places
        self._straight, self._large, self._metrics = straight, large, metrics
        self._not_before_s: dict[BacklogFile, float] = {}
        self._closing = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        self._deadline_s = float("inf")

    async def run(self) -> None:
        """Ships until ``close``, and then what is left as long as the log takes it, up to the deadline."""
        if self._closing.is_set():
            return
        self._ended.clear()
        try:
            while not self._closing.is_set():
                await self._round()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), _PAUSE_S)
            while await self._round() and self._is_worth_a_look():  # noqa: ASYNC110 - threads and disk set no event
                await asyncio.sleep(_LAST_PAUSE_S)
        finally:
            self._ended.set()

    def _is_worth_a_look(self) -> bool:
        return not self._backlog.is_empty and monotonic_s() < self._deadline_s

    async def close(self, grace_s: float) -> None:
        """Returns once ``run`` has ended: within ``grace_s`` and one acknowledgement. The rest stays in the spool."""
        self._deadline_s = monotonic_s() + grace_s
        self._closing.set()
        await self._ended.wait()

    async def _round(self) -> bool:
        """False when the log is away, or no time is left."""
        for file in await asyncio.to_thread(self._backlog.files):
            if monotonic_s() < self._not_before_s.get(file, 0.0):
                continue
            try:
                if not await self._look_at(file):
                    return False
            except OSError as error:
                _log.error("a file of the spool cannot be read", file=str(file.path), error=error)
        return True

    async def _look_at(self, file: BacklogFile) -> bool:
        """Ships what nobody else is sending. False when the log is away, or no time is left."""
        if file.written and not self._places.unarrived(file, file.written):
            await self._remove(file)
            return True
        if file.written and not self._places.unsent(file, file.written):
            return True
        return await self._ship(file)

    async def _ship(self, file: BacklogFile) -> bool:
        found = await asyncio.to_thread(file.contents)
        mails, is_damaged = _mails(found)
        go_on = await self._send_all(file, mails)
        if not self._places.unarrived(file, mails):
            await self._remove(file, is_damaged)
            _log.info("mails of the spool have been sent", file=file.path.name, mails=len(mails))
        return go_on

    async def _remove(self, file: BacklogFile, is_damaged: bool = False) -> None:
        await asyncio.to_thread(self._backlog.remove, file, is_damaged)
        self._places.forget(file)
        self._not_before_s.pop(file, None)

    async def _send_all(self, file: BacklogFile, mails: Mapping[int, MailReceived]) -> bool:
        """False when the log is away, or no time is left."""
        queue = deque(self._places.unsent(file, mails))
        while queue:
            if monotonic_s() > self._deadline_s:
                return False
            count = min(len(queue), 1 if self._straight.is_away else _WINDOW)
            window = [queue.popleft() for _ in range(count)]
            fates = await asyncio.gather(*(self._send(mails[offset]) for offset in window))
            for offset, fate in zip(window, fates, strict=True):
                if fate is _Fate.SENT:
                    self._places.arrive(Place(file, offset))
                    self._metrics.shipped.inc()
            if _Fate.STORE_AWAY in fates:
                self._not_before_s[file] = monotonic_s() + _STORE_PAUSE_S
            if _Fate.LOG_AWAY in fates:
                return False
        return True

    async def _send(self, mail: MailReceived) -> _Fate:
        fitting = await self._large.fitting(mail)
        if fitting is None:
            return _Fate.STORE_AWAY
        return _Fate.SENT if await self._straight.send(fitting) else _Fate.LOG_AWAY


def _mails(found: Contents) -> tuple[dict[int, MailReceived], bool]:
    """The mails by offset, and whether the file must be looked at by a person."""
    mails, is_damaged = {}, found.is_damaged
    for offset, record in found.records.items():
        try:
            mails[offset] = unpacked(record)
        except BadFact as error:  # of a version that is not ours; the file is set aside, not removed
            _log.error("a mail of the spool cannot be read", offset=offset, error=error)
            is_damaged = True
    return mails, is_damaged
