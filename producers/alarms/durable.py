"""What 250 promises: a mail is kept once every replica of the log has it."""

import asyncio
from enum import Enum

from infra.kafka import KafkaLog
from infra.log import FactLog, LogUnavailable
from infra.settings import Settings
from producers.episodes.acknowledged import acknowledged
from schemas.mail import MailReceived


class Outcome(Enum):
    """What became of a mail."""

    KEPT = "kept"
    """It survives whatever happens to this process: answer 250."""
    LOG_AWAY = "log_away"
    """The broker has been away for longer than the spool may bridge: 451, the camera sends it again."""
    SPOOL_FULL = "spool_full"
    """The broker is away and the spool holds what it may, or its disk refuses: 452."""


class Durable:
    """Keeps mails. One event loop; ``run`` beside the listeners, ``close`` after them."""

    def __init__(self, settings: Settings, log: FactLog) -> None:
        self._settings = settings
        self._log = log
        self._closed = asyncio.Event()

    async def keep(self, mail: MailReceived) -> Outcome:
        """What became of the mail, once that is certain. Never blocks the event loop."""
        try:
            await acknowledged([self._log.append(mail)], self._settings.smtp_ack_s)
        except LogUnavailable:
            return Outcome.LOG_AWAY
        return Outcome.KEPT

    async def run(self) -> None:
        """Ships what the spool holds, until ``close``."""
        await self._closed.wait()

    async def close(self) -> None:
        """Ends ``run`` and releases the log. What was kept stays kept. ``keep`` is not called afterwards."""
        self._closed.set()
        await asyncio.to_thread(self._log.close)


def opened(settings: Settings) -> Durable:
    """A Durable on the servers that the settings name."""
    return Durable(settings, KafkaLog(settings, "smtp", int(settings.smtp_ack_s * 1000)))
