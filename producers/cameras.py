"""What the registry of cameras says, for producers: followed for ever, from its first fact on."""

from collections.abc import Callable

from infra import kafka
from infra.following import Following, MeasuredSource
from infra.settings import Settings
from schemas import topics
from schemas.facts import MediaConfigured, MediaRemoved

_ANSWER_S = 2.0


class News:
    """The last word on every camera there is news of. For one thread only."""

    def __init__(self, open_source: Callable[[], MeasuredSource], part: str) -> None:
        """As for ``Following``."""
        self._following = Following(open_source, part)
        self._latest: dict[str, MediaConfigured | MediaRemoved] = {}

    @classmethod
    def of(cls, settings: Settings, part: str) -> "News":
        """News from the broker of these settings, which may be away. ``part``: who tells the journal."""

        def opened() -> kafka.Follower:
            kafka.ensure_topics(settings, timeout_s=_ANSWER_S)
            return kafka.Follower(settings, topics.MEDIA.name)

        return cls(opened, part)

    def poll(self, timeout_s: float) -> list[MediaConfigured | MediaRemoved]:
        """One fact per camera: all at once when the topic has been read to its end, then what changes.

        Empty before that, when nothing came in time, and while the broker is away.
        """
        self._latest |= {fact.media: fact for fact in self._following.poll(timeout_s)}
        if not self._following.caught_up:
            return []
        news, self._latest = list(self._latest.values()), {}
        return news

    def close(self) -> None:
        """Release the connection."""
        self._following.close()
