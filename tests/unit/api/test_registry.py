"""Cameras with their secrets, as the topic says."""

import pytest

from api import followed as following
from api.registry import Registry
from infra.log import LogUnavailable, Record
from schemas import codec
from schemas.facts import MediaConfigured, MediaRemoved
from tests.fakes import FakeLog
from tests.unit.api.client import LogSource


def camera(title: str) -> MediaConfigured:
    return MediaConfigured(media="cam", observed_ms=1, title=title)


def followed(log: FakeLog) -> Registry:
    return Registry(lambda: LogSource(log))


def test_the_last_fact_on_the_topic_wins() -> None:
    log = FakeLog()
    for fact in (camera("one"), camera("two")):
        log.append(fact)
    found = followed(log)
    assert found.configured("cam") == camera("two")
    assert found.configured("other") is None
    found.close()


def test_a_removed_camera_is_not_configured() -> None:
    log = FakeLog()
    log.append(camera("one"))
    log.append(MediaRemoved(media="cam", observed_ms=2))
    found = followed(log)
    assert found.configured("cam") is None
    found.close()


def test_a_fact_learned_early_is_not_undone_by_an_older_one() -> None:
    log = FakeLog()
    log.append(camera("old"))
    found = followed(log)
    found.learn(camera("ours"), 7)
    assert found.configured("cam") == camera("ours")
    found.close()


def test_a_record_that_is_no_fact_is_passed_over() -> None:
    log = FakeLog()
    log.records.append(Record("media", 0, 0, b"cam", b"junk", 0))
    log.append(camera("one"))
    found = followed(log)
    assert found.configured("cam") == camera("one")
    assert codec.encode(camera("one"))
    found.close()


def test_a_camera_that_says_what_nothing_can_reckon_with_stays_as_it_was() -> None:
    log = FakeLog()
    log.append(camera("one"))
    beyond = codec.encode(camera("two")).replace(b'"depth_ms":21600000', b'"depth_ms":9223372036854775808')
    log.append_raw("media", b"cam", beyond)
    found = followed(log)
    assert found.configured("cam") == camera("one")
    found.close()


def test_a_topic_that_cannot_be_read_is_the_log_being_away(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent(LogSource):
        caught_up = False  # type: ignore[assignment]

    monkeypatch.setattr(following, "READY_S", 0.05)
    found = Registry(lambda: Silent(FakeLog()))
    with pytest.raises(LogUnavailable):
        found.configured("cam")
    found.close()


def test_a_broker_that_comes_late_is_followed_then(monkeypatch: pytest.MonkeyPatch) -> None:
    log = FakeLog()
    log.append(camera("one"))
    away = [True]

    def opened() -> LogSource:
        if away:
            raise LogUnavailable("no broker")
        return LogSource(log)

    monkeypatch.setattr(following, "READY_S", 0.1)
    monkeypatch.setattr(following, "_AGAIN_S", 0.01)
    found = Registry(opened)
    with pytest.raises(LogUnavailable):
        found.configured("cam")
    away.clear()
    monkeypatch.setattr(following, "READY_S", 60)
    assert found.configured("cam") == camera("one")
    found.close()
