"""The registry of cameras, read once: which media are configured, and how."""

from infra import journal, kafka
from infra.clock import monotonic_s, sleep_s
from infra.log import LogUnavailable
from infra.settings import Settings
from schemas import codec, topics
from schemas.errors import BadFact
from schemas.facts import MediaConfigured, MediaRemoved

_WAIT_S = 20.0
_log = journal.get("cameras")


def said(settings: Settings) -> dict[str, MediaConfigured | MediaRemoved]:
    """The last word of the registry about every media it ever named. Raises LogUnavailable."""
    deadline = monotonic_s() + _WAIT_S
    follower = _follower(settings, deadline)
    last: dict[str, MediaConfigured | MediaRemoved] = {}
    try:
        while not follower.caught_up:
            if monotonic_s() > deadline:
                raise LogUnavailable(f"topic {topics.MEDIA.name} cannot be read to its end")
            for record in follower.poll(0.5):
                try:
                    fact = codec.decode(record.topic, record.value)
                except BadFact as error:
                    _log.warning("passed over a bad fact", offset=record.offset, error=error)
                    continue
                last[fact.media] = fact
    finally:
        follower.close()
    return last


def _follower(settings: Settings, deadline: float) -> kafka.Follower:
    """A follower, also of a topic made so lately that the broker does not know it everywhere yet."""
    while True:
        try:
            return kafka.Follower(settings, topics.MEDIA.name)
        except LogUnavailable:
            if monotonic_s() > deadline:
                raise
            sleep_s(0.3)
