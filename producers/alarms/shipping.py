"""What the spool holds goes to the log, oldest first, as soon as the log answers."""

import asyncio
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from enum import Enum

from infra import journal
from infra.backlog import Backlog
from infra.backlog_file import BacklogFile, Contents
from infra.clock import monotonic_s
from producers.alarms.kept_metrics import KeptMetrics
from producers.alarms.large import LargeMails
from producers.alarms.packed import unpacked
from producers.alarms.straight import Straight
from schemas.errors import BadFact
from schemas.mail import MailReceived

_PAUSE_S = 0.5
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

    def __init__(self, backlog: Backlog, straight: Straight, large: LargeMails, metrics: KeptMetrics) -> None:
        self._backlog, self._straight, self._large, self._metrics = backlog, straight, large, metrics
        self._left: dict[BacklogFile, set[int]] = {}
        self._not_before_s: dict[BacklogFile, float] = {}
        self._closing = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        self._deadline_s = float("inf")

    async def run(self) -> None:
        """Ships until ``close``, and then once more, up to its deadline."""
        self._ended.clear()
        try:
            while not self._closing.is_set():
                await self._round()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), _PAUSE_S)
            await self._round()
        finally:
            self._ended.set()

    async def close(self, grace_s: float) -> None:
        """Returns once ``run`` has ended: within ``grace_s`` and one acknowledgement. The rest stays in the spool."""
        self._deadline_s = monotonic_s() + grace_s
        self._closing.set()
        await self._ended.wait()

    async def _round(self) -> None:
        for file in await asyncio.to_thread(self._backlog.files):
            if monotonic_s() < self._not_before_s.get(file, 0.0):
                continue
            try:
                if not await self._ship(file):
                    return
            except OSError as error:
                _log.error("a file of the spool cannot be read", file=str(file.path), error=error)

    async def _ship(self, file: BacklogFile) -> bool:
        """False when the log is away, or no time is left."""
        found = await asyncio.to_thread(file.contents)
        mails, is_damaged = _mails(found)
        left = self._left.setdefault(file, set(mails))
        go_on = await self._send_all(mails, left)
        if not left:
            del self._left[file]
            self._not_before_s.pop(file, None)
            await asyncio.to_thread(self._backlog.remove, file, is_damaged)
            _log.info("mails of the spool have been sent", file=file.path.name, mails=len(mails))
        elif go_on:
            self._not_before_s[file] = monotonic_s() + _STORE_PAUSE_S
        return go_on

    async def _send_all(self, mails: Mapping[int, MailReceived], left: set[int]) -> bool:
        """Takes out of ``left`` what has been sent. False when the log is away, or no time is left."""
        queue = deque(sorted(left))
        while queue:
            if monotonic_s() > self._deadline_s:
                return False
            count = min(len(queue), 1 if self._straight.is_away else _WINDOW)
            window = [queue.popleft() for _ in range(count)]
            fates = await asyncio.gather(*(self._send(mails[number]) for number in window))
            sent = {number for number, fate in zip(window, fates, strict=True) if fate is _Fate.SENT}
            left -= sent
            self._metrics.shipped.inc(len(sent))
            if _Fate.LOG_AWAY in fates:
                return False
        return True

    async def _send(self, mail: MailReceived) -> _Fate:
        fitting = await self._large.fitting(mail)
        if fitting is None:
            return _Fate.STORE_AWAY
        return _Fate.SENT if await self._straight.send(fitting) else _Fate.LOG_AWAY


def _mails(found: Contents) -> tuple[dict[int, MailReceived], bool]:
    """The mails by number, and whether the file must be looked at by a person."""
    mails, is_damaged = {}, found.is_damaged
    for number, record in enumerate(found.records):
        try:
            mails[number] = unpacked(record)
        except BadFact as error:  # of a version that is not ours; the file is set aside, not removed
            _log.error("a mail of the spool cannot be read", number=number, error=error)
            is_damaged = True
    return mails, is_damaged
