"""The registry of cameras, read once: which media are configured, and how."""

from infra import kafka
from infra.clock import monotonic_s, sleep_s
from infra.following import usable
from infra.log import LogUnavailable
from infra.settings import Settings
from schemas import topics
from schemas.facts import MediaConfigured, MediaRemoved

_WAIT_S = 20.0


def said(settings: Settings) -> dict[str, MediaConfigured | MediaRemoved]:
    """The last word of the registry about every media it ever named. Raises LogUnavailable."""
    deadline = monotonic_s() + _WAIT_S
    follower = _follower(settings, deadline)
    last: dict[str, MediaConfigured | MediaRemoved] = {}
    try:
        while not follower.caught_up:
            if monotonic_s() > deadline:
                raise LogUnavailable(f"topic {topics.MEDIA.name} cannot be read to its end")
            last |= {fact.media: fact for _, fact in usable(follower.poll(0.5), "cameras")}
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
