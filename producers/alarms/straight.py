"""The straight way: mails appended to the log, each with somebody who waits for its acknowledgement."""

import asyncio
from concurrent.futures import Future
from functools import partial

from infra import journal
from infra.clock import monotonic_s
from infra.log import FactLog, Position
from schemas.mail import MailReceived

_log = journal.get("smtp")


class Straight:
    """Sends mails, and knows from their acknowledgements whether the log answers. One event loop."""

    def __init__(self, log: FactLog, ack_s: float, most_bytes: int) -> None:
        """``most_bytes``: of mails on their way; so many fit the log's own queue, and appending never blocks."""
        self._log, self._ack_s, self._most_bytes = log, ack_s, most_bytes
        self._waiting: dict[asyncio.Future[bool], None] = {}  # in order, and so is what goes to the spool together
        self._bytes = 0
        self._away_since_s: float | None = None
        self._arrived_s = 0.0
        """When the newest mail that has arrived set out."""

    @property
    def is_away(self) -> bool:
        """True from a mail that the log did not acknowledge until the next one that it does."""
        return self._away_since_s is not None

    def away_s(self) -> float:
        """Seconds since the log was last known to answer, or was first asked; 0 while it answers."""
        return 0.0 if self._away_since_s is None else monotonic_s() - self._away_since_s

    def send(self, mail: MailReceived) -> "asyncio.Future[bool]":
        """True once every replica has the mail; False when that is not known in time, or the log is found to be away.

        After False the log may have it nevertheless, or may get it still. Raises BadFact for what no record can hold.
        """
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[bool] = loop.create_future()
        size = len(mail.raw)
        if self._bytes + size > self._most_bytes:
            waiter.set_result(False)
            return waiter
        since_s = monotonic_s()
        answered = partial(self._answered, waiter, since_s)
        self._log.append(mail).add_done_callback(partial(loop.call_soon_threadsafe, answered))
        self._waiting[waiter] = None
        self._bytes += size
        timer = loop.call_later(self._ack_s, self._overdue, waiter, since_s)
        waiter.add_done_callback(partial(self._settled, timer, size))
        return waiter

    def _settled(self, timer: asyncio.TimerHandle, size: int, waiter: "asyncio.Future[bool]") -> None:
        timer.cancel()
        self._bytes -= size
        del self._waiting[waiter]

    def _answered(self, waiter: asyncio.Future[bool], since_s: float, answer: "Future[Position]") -> None:
        """Also called for mails that nobody waits for any more: any acknowledgement tells that the log is back."""
        if error := answer.exception():
            self._missed(waiter, since_s, str(error))
            return
        self._arrived_s = max(self._arrived_s, since_s)
        if self._away_since_s is not None:
            _log.info("the broker acknowledges mails again", away_s=round(self.away_s(), 1))
            self._away_since_s = None
        _tell(waiter, is_there=True)

    def _overdue(self, waiter: asyncio.Future[bool], since_s: float) -> None:
        """A loop that was held up hears of the acknowledgement and of its deadline in the same turn."""
        if not waiter.done():
            self._missed(waiter, since_s, "no acknowledgement in time")

    def _missed(self, waiter: asyncio.Future[bool], since_s: float, reason: str) -> None:
        """Nobody waits for a log that is away: whoever does is told now."""
        if since_s < self._arrived_s:  # what set out later has arrived: it is this mail's partition, or long over
            _tell(waiter, is_there=False)
            return
        if self._away_since_s is None:
            _log.warning("the broker does not acknowledge mails; the spool takes them", reason=reason)
            self._away_since_s = since_s
        for each in self._waiting:
            _tell(each, is_there=False)


def _tell(waiter: asyncio.Future[bool], is_there: bool) -> None:
    if not waiter.done():
        waiter.set_result(is_there)
