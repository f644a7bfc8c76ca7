"""The cameras as topic ``media`` says them now, asked from another thread than the one that reads."""

import threading
from collections.abc import Mapping

import pytest

from infra import following
from infra.log import LogUnavailable, Record
from processors import cameras as module
from processors.cameras import Cameras
from schemas.facts import MediaConfigured, MediaRemoved
from tests.fakes import FakeLog

WAIT_S = 60


def camera(media: str, title: str = "") -> MediaConfigured:
    return MediaConfigured(media=media, observed_ms=1, title=title)


class Topic:
    """Topic ``media`` on a broker that can be away; wakes who waits for a reading."""

    def __init__(self, *facts: MediaConfigured | MediaRemoved) -> None:
        self.log, self.at, self.is_away, self.is_broken = FakeLog(), 0, False, False
        self.looked = threading.Event()
        self.say(*facts)

    def say(self, *facts: MediaConfigured | MediaRemoved) -> None:
        for fact in facts:
            self.log.append(fact)

    def opened(self) -> "Topic":
        self.looked.set()
        if self.is_away:
            raise LogUnavailable("no broker")
        return self

    def ends(self) -> dict[int, int]:
        if self.is_away:
            raise LogUnavailable("no broker")
        return {0: len(self.log.records)}

    @property
    def caught_up(self) -> bool:
        return self.at >= len(self.log.records)

    def has_read(self, ends: Mapping[int, int]) -> bool:
        return self.at >= ends[0]

    def poll(self, timeout_s: float) -> list[Record]:
        self.looked.set()
        if self.is_broken:
            raise RuntimeError("a bug")
        found = self.log.records[self.at :][:2]
        self.at += len(found)
        return found

    def close(self) -> None:
        self.at = -1


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOOK_S", 0.001)
    monkeypatch.setattr(module, "_AGAIN_S", 0.001)
    monkeypatch.setattr(module, "_WAIT_S", WAIT_S)
    monkeypatch.setattr(following, "_AGAIN_S", 0.001)


def followed(topic: Topic) -> Cameras:
    return Cameras(topic.opened, topic.ends, "tests")


def test_the_last_word_on_the_topic_counts() -> None:
    topic = Topic(
        camera("gate", "old"), camera("gone"), camera("gate", "new"), MediaRemoved(media="gone", observed_ms=2)
    )
    with followed(topic) as cameras:
        cameras.catch_up()
        assert cameras.get("gate") == camera("gate", "new")
        assert cameras.get("gone") is None
        assert cameras.get("never") is None
    assert topic.at == -1, "the source was not closed"


def test_what_was_said_before_the_question_is_known_after_catching_up() -> None:
    topic = Topic()
    with followed(topic) as cameras:
        for number in range(200):
            topic.say(camera("gate", str(number)))
            cameras.catch_up()
            assert cameras.get("gate") == camera("gate", str(number))


def test_changes_are_followed_unasked() -> None:
    topic = Topic(camera("gate", "old"))
    with followed(topic) as cameras:
        cameras.catch_up()
        topic.say(camera("gate", "new"))
        until(topic, lambda: cameras.get("gate") == camera("gate", "new"))


def test_the_cameras_known_are_the_same_object_until_one_changes() -> None:
    topic = Topic(camera("gate"))
    with followed(topic) as cameras:
        cameras.catch_up()
        known = cameras.known
        cameras.catch_up()
        assert cameras.known is known
        topic.say(camera("yard"))
        cameras.catch_up()
        assert (sorted(known), sorted(cameras.known)) == (["gate"], ["gate", "yard"])


def test_a_broker_that_is_away_at_the_start_is_waited_for() -> None:
    topic = Topic(camera("gate"))
    topic.is_away = True
    with followed(topic) as cameras:
        assert topic.looked.wait(WAIT_S)
        assert cameras.get("gate") is None
        with pytest.raises(LogUnavailable):
            cameras.catch_up()
        topic.is_away = False
        until(topic, lambda: cameras.get("gate") == camera("gate"))


def test_a_broker_that_goes_leaves_the_cameras_as_they_were() -> None:
    topic = Topic(camera("gate"))
    with followed(topic) as cameras:
        cameras.catch_up()
        topic.is_away = True
        with pytest.raises(LogUnavailable):
            cameras.catch_up()
        assert cameras.get("gate") == camera("gate")


def test_a_topic_that_cannot_be_read_to_its_end_in_time_is_the_log_being_away(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent(Topic):
        def poll(self, timeout_s: float) -> list[Record]:
            return []

    monkeypatch.setattr(module, "_WAIT_S", 0.02)
    with followed(Silent(camera("gate"))) as cameras, pytest.raises(LogUnavailable):
        cameras.catch_up()


def test_a_bug_in_one_reading_does_not_end_the_following() -> None:
    topic = Topic(camera("gate"))
    topic.is_broken = True
    with followed(topic) as cameras:
        until(topic, lambda: True)
        until(topic, lambda: True)
        topic.is_broken = False
        until(topic, lambda: cameras.get("gate") == camera("gate"))


def until(topic: Topic, is_so) -> None:  # type: ignore[no-untyped-def]
    """Looked at again after every reading of the topic."""
    for _ in range(500):
        topic.looked.clear()
        assert topic.looked.wait(WAIT_S), "nobody reads the topic"
        if is_so():
            return
    raise AssertionError("it never came so")
