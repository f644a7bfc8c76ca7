"""What 250 promises: a mail is on the log with all its replicas, or on this machine's disk on its way there.

Straight to the log, whose client sends the mails of many sessions together. A mail that the log does not acknowledge in
time goes to the spool, and so does every mail at once while the log is known to be away. Such a mail may stand on the
topic twice; its identity is the same, and it is one alarm.
"""

import asyncio

from prometheus_client import REGISTRY, CollectorRegistry

from infra import journal
from infra.backlog import Backlog, BacklogFull
from infra.kafka import KafkaLog
from infra.log import FactLog
from infra.objects import ObjectStore, S3Store
from infra.settings import Settings
from producers.alarms.kept_metrics import KeptMetrics
from producers.alarms.large import LargeMails
from producers.alarms.outcome import Outcome
from producers.alarms.packed import packed
from producers.alarms.shipping import Shipping
from producers.alarms.straight import Straight
from schemas.mail import MailReceived

__all__ = ["Durable", "Outcome", "opened"]

FOLDER = "mails"
"""Of the spool, in the data folder."""
_ON_THEIR_WAY_BYTES = 128 << 20
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
        self._shipping = Shipping(spool, self._straight, self._large, metrics)
        metrics.watch(lambda: spool.size_bytes, self._straight.away_s)

    async def keep(self, mail: MailReceived) -> Outcome:
        """What became of the mail, once that is certain. Never blocks the event loop.

        Raises BadFact for what no record can hold (a text with half a surrogate pair, a peer of 65 letters).
        """
        outcome = Outcome.KEPT if await self._sent(mail) else await self._spooled(mail)
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

    async def _sent(self, mail: MailReceived) -> bool:
        """True once the log has it. While the log is away and the spool asks for it, no mail waits for an answer."""
        if self._straight.is_away and not self._spool.is_empty:
            return False
        fitting = await self._large.fitting(mail)
        return fitting is not None and await self._straight.send(fitting)

    async def _spooled(self, mail: MailReceived) -> Outcome:
        if self._straight.away_s() > self._spool_s:
            return Outcome.LOG_AWAY
        try:
            await asyncio.wrap_future(self._spool.add(packed(mail)))
        except BacklogFull:
            return Outcome.SPOOL_FULL
        except OSError as error:
            _log.error("the spool's disk refuses a mail", error=error)
            return Outcome.SPOOL_FULL
        self._metrics.spooled.inc()
        return Outcome.KEPT


def opened(settings: Settings, registry: CollectorRegistry = REGISTRY) -> Durable:
    """A Durable on the servers that the settings name, whether or not they answer yet."""
    log = KafkaLog(settings, "smtp", max(int(settings.smtp_ack_s * 1000), 100), _LINGER_MS)
    store = S3Store(settings, timeout_s=settings.smtp_ack_s)
    spool = Backlog(settings.data / FOLDER, settings.smtp_spool_bytes)
    return Durable(settings, log, store, spool, KeptMetrics(registry))
