"""News of the registry of cameras: nothing half-read, and each camera once."""

from collections.abc import Mapping

from infra.log import Record
from producers.cameras import News
from schemas import codec
from schemas.facts import MediaConfigured, MediaRemoved


def camera(media: str, title: str = "") -> MediaConfigured:
    return MediaConfigured(media=media, observed_ms=1, title=title)


class Topic:
    """Topic ``media``, of which the first ``stood`` facts stood there when it was opened; hands out one at a time."""

    def __init__(self, *facts: MediaConfigured | MediaRemoved, stood: int) -> None:
        self._left, self._ahead, self.is_closed = list(facts), stood, False

    @property
    def caught_up(self) -> bool:
        return self._ahead <= 0

    def has_read(self, ends: Mapping[int, int]) -> bool:
        return not self._left

    def poll(self, timeout_s: float) -> list[Record]:
        self._ahead -= 1
        return [Record("media", 0, 0, None, codec.encode(self._left.pop(0)), 0)] if self._left else []

    def close(self) -> None:
        self.is_closed = True


def test_news_come_once_all_is_read_and_then_with_every_change() -> None:
    gone = MediaRemoved(media="gone", observed_ms=2)
    facts = (camera("gate", "old"), camera("gone"), camera("gate", "new"), gone, camera("gate", "newest"))
    topic = Topic(*facts, stood=4)
    news = News(lambda: topic, "tests")
    said = [news.poll(0) for _ in range(6)]
    assert said == [[], [], [], [camera("gate", "new"), gone], [camera("gate", "newest")], []]
    news.close()
    assert topic.is_closed


def test_a_registry_that_is_empty_is_no_news() -> None:
    news = News(lambda: Topic(stood=0), "tests")
    assert news.poll(0) == []
