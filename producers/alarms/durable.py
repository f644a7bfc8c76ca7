"""What 250 promises: a mail is on the log with all its replicas, or on this machine's disk on its way there.

Every mail goes straight to the log, whose client sends the mails of many sessions together. One that is not
acknowledged at once goes into the spool as well, with one sync for all that wait, and whichever has it first answers.
While the log is away, mails go to the spool alone. What the log does not acknowledge in time is shipped from the spool;
such a mail may stand on the topic twice: its identity is the same, and it is one alarm.
"""

import asyncio
from functools import partial

from prometheus_client import REGISTRY, CollectorRegistry

from infra import journal
from infra.backlog import Backlog, BacklogFull, Place
from infra.kafka import KafkaLog
from infra.log import FactLog
from infra.objects import ObjectStore, S3Store
from infra.settings import Settings
from producers.alarms.kept_metrics import KeptMetrics
from producers.alarms.large import LargeMails
from producers.alarms.outcome import Outcome
from producers.alarms.packed import packed
from producers.alarms.places import Places
from producers.alarms.shipping import Shipping
from producers.alarms.straight import Straight
from schemas.mail import MailReceived

__all__ = ["Durable", "Outcome", "opened"]

FOLDER = "mails"
"""Of the spool, in the data folder."""
_ON_THEIR_WAY_BYTES = 128 << 20
_AT_ONCE_S = 0.01
"""A mail that the log has not acknowledged by then goes to the spool as well."""
_GRACE_S = 5.0
_LINGER_MS = 5
"""A camera waits for its 250 while its mail waits for others to travel with."""
_log = journal.get("smtp")


class Durable:
    """Keeps mails. One event loop; ``run`` beside the listeners, ``close`` after them. Owns all it is given."""

    def __init__(
        self, settings: Settings, log: FactLog, store: ObjectStore, spool: Backlog, metrics: KeptMetrics
    ) -> None:
        self._spool_s = settings.smtp_spool_s
        self._log, self._spool, self._metrics = log, spool, metrics
        self._straight = Straight(log, settings.smtp_ack_s, _ON_THEIR_WAY_BYTES)
        self._large = LargeMails(store, settings.smtp_ack_s)
        self._places = Places()
        self._shipping = Shipping(spool, self._places, self._straight, self._large, metrics)
        metrics.watch(lambda: spool.size_bytes, self._straight.away_s)

    async def keep(self, mail: MailReceived) -> Outcome:
        """What became of the mail, once that is certain. Never blocks the event loop.

        Raises BadFact for what no record can hold (a text with half a surrogate pair, a peer of 65 letters).
        """
        outcome = await self._kept(mail)
        self._metrics.count(outcome)
        return outcome

    async def run(self) -> None:
        """Ships what the spool holds, until ``close``."""
        await self._shipping.run()

    async def close(self, grace_s: float = _GRACE_S) -> None:
        """Ships what can be shipped within the grace, ends ``run`` and lets go of log and spool.

        What was kept stays kept. ``keep`` is not called afterwards.
        """
        await self._shipping.close(grace_s)
        self._large.close()
        await asyncio.to_thread(self._log.close)
        await asyncio.to_thread(self._spool.close)

    async def _kept(self, mail: MailReceived) -> Outcome:
        sending = await self._sending(mail)
        if sending:
            await asyncio.wait((sending,), timeout=_AT_ONCE_S)
            if sending.done() and sending.result():
                return Outcome.KEPT
        refusal = await self._refusal_of_spool(mail, sending)
        if refusal and sending:  # a log that is only slow is worth waiting for
            await asyncio.wait((sending,))
            return Outcome.KEPT if sending.result() else refusal
        return refusal or Outcome.KEPT

    async def _sending(self, mail: MailReceived) -> "asyncio.Future[bool] | None":
        """The mail on its way to the log. None while the log, or the store that a large mail needs, is away."""
        if self._straight.is_away and not self._spool.is_empty:  # the spool asks whether it is back
            return None
        fitting = await self._large.fitting(mail)
        return self._straight.send(fitting) if fitting else None

    async def _refusal_of_spool(self, mail: MailReceived, sending: "asyncio.Future[bool] | None") -> Outcome | None:
        """Why the spool does not take it; None once the spool or the log has it."""
        if self._straight.away_s() >= self._spool_s:
            return Outcome.LOG_AWAY
        spooling = asyncio.wrap_future(self._spool.add(packed(mail)))
        spooling.add_done_callback(partial(self._spooled, sending))
        await asyncio.wait((spooling, sending) if sending else (spooling,), return_when=asyncio.FIRST_COMPLETED)
        if sending and sending.done() and sending.result():
            return None
        try:
            await spooling
        except BacklogFull:
            return Outcome.SPOOL_FULL
        except OSError as error:
            _log.error("the spool's disk refuses a mail", error=error)
            return Outcome.SPOOL_FULL
        return None

    def _spooled(self, sending: "asyncio.Future[bool] | None", spooling: "asyncio.Future[Place]") -> None:
        """Also called when the log was first: nobody need ship a mail that is on its way or there."""
        if spooling.cancelled() or spooling.exception():
            return
        self._metrics.spooled.inc()
        if sending:
            place = spooling.result()
            self._places.set_out(place)
            sending.add_done_callback(partial(self._answered, place))

    def _answered(self, place: Place, sending: "asyncio.Future[bool]") -> None:
        if sending.result():
            self._places.arrive(place)
        else:
            self._places.come_back(place)


def opened(settings: Settings, registry: CollectorRegistry = REGISTRY) -> Durable:
    """A Durable on the servers that the settings name, whether or not they answer yet."""
    log = KafkaLog(settings, "smtp", max(int(settings.smtp_ack_s * 1000), 100), _LINGER_MS)
    store = S3Store(settings, timeout_s=settings.smtp_ack_s)
    spool = Backlog(settings.data / FOLDER, settings.smtp_spool_bytes)
    return Durable(settings, log, store, spool, KeptMetrics(registry))
