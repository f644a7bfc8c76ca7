"""One suite for every FactLog: the fake in memory and the real broker."""

from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest

from infra.kafka import Follower, KafkaLog, ensure_topics
from infra.log import FactLog, Record
from schemas import codec
from schemas.errors import BadFact
from schemas.facts import MediaConfigured, RecordingGap
from tests.fakes import FakeLog

ReadAll = Callable[[str], list[Record]]


@pytest.fixture(params=["fake", "real"])
def log_and_reader(request: pytest.FixtureRequest) -> Iterator[tuple[FactLog, ReadAll]]:
    if request.param == "fake":
        fake = FakeLog()
        yield fake, lambda topic: [record for record in fake.records if record.topic == topic]
        return
    settings = request.getfixturevalue("stack")
    ensure_topics(settings)
    log = KafkaLog(settings, "contract")

    def read(topic: str) -> list[Record]:
        follower = Follower(settings, topic)
        found: list[Record] = []
        while not follower.caught_up:
            found += follower.poll(1.0)
        follower.close()
        return found

    yield log, read
    log.close()


def gap(media: str, start_ms: int) -> RecordingGap:
    return RecordingGap(media=media, observed_ms=start_ms + 1, start_ms=start_ms, reason="source_lost")


def test_an_acknowledged_fact_can_be_read_back_whole(log_and_reader: tuple[FactLog, ReadAll]) -> None:
    log, read = log_and_reader
    fact = MediaConfigured(media="tył", observed_ms=7, source="rtsp://camera/1", catch=("motion", "ruch"))
    position = log.append(fact).result(60)
    record = next(r for r in read("media") if (r.partition, r.offset) == (position.partition, position.offset))
    assert codec.decode("media", record.value) == fact
    assert record.key == "tył".encode()


def test_facts_of_one_media_keep_their_order(log_and_reader: tuple[FactLog, ReadAll]) -> None:
    log, read = log_and_reader
    told = [gap(f"order-{n % 3}", n + 1) for n in range(300)]
    for future in [log.append(fact) for fact in told]:
        future.result(60)
    by_media: dict[str, list[int]] = defaultdict(list)
    for record in read("segments"):
        if not (record.key or b"").startswith(b"order-"):
            continue  # others put broken records there too
        fact = codec.decode("segments", record.value)
        by_media[fact.media].append(fact.start_ms)
    for media in ("order-0", "order-1", "order-2"):
        assert by_media[media] == [fact.start_ms for fact in told if fact.media == media]


def test_raw_records_are_appended_byte_for_byte(log_and_reader: tuple[FactLog, ReadAll]) -> None:
    log, read = log_and_reader
    at = log.append_raw("segments", None, b"\x00not json", (("redriven", b"1"),)).result(60)
    record = next(r for r in read("segments") if (r.partition, r.offset) == (at.partition, at.offset))
    assert (record.key, record.value) == (None, b"\x00not json")
    assert ("redriven", b"1") in record.headers


def test_a_fact_that_json_cannot_hold_is_refused_at_once(log_and_reader: tuple[FactLog, ReadAll]) -> None:
    log, _ = log_and_reader
    unencodable = MediaConfigured(media="a", observed_ms=1, title=object())  # type: ignore[arg-type]
    with pytest.raises(BadFact):
        log.append(unencodable)


def test_a_closed_log_refuses(log_and_reader: tuple[FactLog, ReadAll]) -> None:
    log, _ = log_and_reader
    log.close()
    with pytest.raises(RuntimeError):
        log.append(gap("a", 1))


def test_who_stops_waiting_takes_nothing_back_and_stops_nobody_else(log_and_reader: tuple[FactLog, ReadAll]) -> None:
    log, _ = log_and_reader
    assert not log.append(gap("left", 1)).cancel()
    assert log.append(gap("stayed", 1)).result(60).topic == "segments"
