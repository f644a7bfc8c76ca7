"""The cameras as topic ``media`` has them, as a directory that mails are read with."""

from infra import journal
from infra.clock import monotonic_s
from infra.kafka import Follower, end_offsets
from infra.log import LogUnavailable
from infra.settings import Settings
from processors.alarms.reading.read import Directory
from schemas import codec, topics
from schemas.errors import BadFact
from schemas.facts import MediaConfigured, MediaRemoved

_TOPIC = topics.MEDIA.name
_WAIT_S = 10.0

_log = journal.get("alarms.entry")


class Cameras:
    """Follows the topic when it is asked to. For one thread only."""

    def __init__(self, settings: Settings) -> None:
        """Raises LogUnavailable while the broker does not answer."""
        self._settings = settings
        self._known: dict[str, MediaConfigured] = {}
        self._directory: Directory | None = None
        self._follower = Follower(settings, _TOPIC)

    @property
    def directory(self) -> Directory:
        """All cameras known now: the same object until one changes."""
        if self._directory is None:
            listener = self._settings.smtp_login
            self._directory = Directory.of(self._known.values(), self._settings.time_zone, listener)
        return self._directory

    def poll(self, timeout_s: float = 0.0) -> None:
        """Learn what has changed."""
        for record in self._follower.poll(timeout_s):
            try:
                self._learn(codec.decode(record.topic, record.value))
            except BadFact as bad:
                _log.warning("skipped", topic=record.topic, offset=record.offset, reason=bad.reason)

    def catch_up(self) -> None:
        """Learn everything that stands on the topic now. Raises LogUnavailable."""
        ends, deadline_s = end_offsets(self._settings, _TOPIC), monotonic_s() + _WAIT_S
        while not self._follower.has_read(ends):
            if monotonic_s() > deadline_s:
                raise LogUnavailable(f"topic {_TOPIC} could not be read within {_WAIT_S:.0f} s")
            self.poll(0.1)

    def close(self) -> None:
        """Release the connection."""
        self._follower.close()

    def _learn(self, fact: MediaConfigured | MediaRemoved) -> None:
        self._directory = None
        if isinstance(fact, MediaConfigured):
            self._known[fact.media] = fact
        else:
            self._known.pop(fact.media, None)
