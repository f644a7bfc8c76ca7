"""The entry of retention on a real broker: order, the tide, what is settled and what is not, workers that die."""

import itertools
import secrets
import signal
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from infra.deadletter import Undecided
from infra.health import Beat
from infra.kafka import KafkaLog, ensure_topics, read_topic
from infra.settings import Settings, child_environment
from processors.retention.entry.watcher import Pace
from producers.storage import run as measuring
from producers.storage.metrics import Metrics
from schemas import codec
from schemas.episode import EpisodeRecord
from schemas.facts import (
    FootageRemoved,
    FootageStored,
    LevelNoted,
    PolicyNoted,
    ProtectionNoted,
    RestoreNoted,
    StorageMeasured,
)
from tests.beside import going_on
from tests.integration.test_entry import until
from tests.retention_feed import (
    NOW_MS,
    Inputs,
    Workers,
    configured,
    deleted,
    feeding,
    measured,
    protected,
    released,
    restore,
    segment,
)  # fmt: skip

WORKER = (
    "from infra import settings, journal; from infra.health import Beat; from infra.stopping import asked_to_stop\n"
    "from processors.retention.entry.run import tell_retention\n"
    "s = settings.load(); journal.setup(s); tell_retention(s, asked_to_stop(), Beat())"
)


@pytest.fixture
def own(stack: Settings) -> Settings:
    """The shared servers, with topics of this test's own; marks are never late and time is told often."""
    more = {"topic_prefix": f"r{secrets.token_hex(3)}.", "settle_ms": 0, "storage_ms": 100}
    settings = stack.model_copy(update=more)
    ensure_topics(settings)
    return settings


@pytest.fixture
def log(own: Settings) -> Iterator[KafkaLog]:
    log = KafkaLog(own, "test", linger_ms=0)
    yield log
    log.close()


@pytest.fixture
def feed(own: Settings) -> Iterator[Inputs]:
    """What retention is told."""
    inputs = Inputs(own)
    yield inputs
    inputs.close()


def tell(log: KafkaLog, *facts: Any) -> None:
    for acknowledged in [log.append(fact) for fact in facts]:
        acknowledged.result(60)


def test_everything_is_told_with_its_place_and_footage_once_time_was_told_after_it(
    own: Settings, log: KafkaLog, feed: Inputs
) -> None:
    tell(log, configured("yard"), measured(10), protected("yard", 1, "lock"), released("yard", 1), restore("yard", 7))
    tell(log, *(segment("yard", number) for number in range(3)), deleted("yard", 0), segment("yard", 3))
    log.append_raw("media", b"yard", b"no fact").result(60)
    with feeding(own):
        until(lambda: len(feed.told) == 5)
        assert not [fact for fact in feed.told if isinstance(fact, FootageStored)], "no time was told since"
        tell(log, measured(20))
        until(lambda: len(feed.told) == 11)
        tell(log, segment("gate", 0))
        tell(log, measured(30))
        until(lambda: len(feed.told) == 12)
        tell(log, measured(40))
        until(lambda: len(feed.told) == 14)
    facts = feed.told
    kinds = [type(fact) for fact in facts]
    assert {type(fact) for fact in facts[:5]} == {LevelNoted, PolicyNoted, ProtectionNoted, RestoreNoted}
    assert kinds[5:10] == [LevelNoted, FootageStored, FootageStored, FootageStored, FootageRemoved]
    assert [fact.src_offset for fact in facts if isinstance(fact, FootageStored)][:4] == [0, 1, 2, 4]
    assert [fact.kinds for fact in facts if isinstance(fact, ProtectionNoted)] == [("lock",), ()]
    assert [fact.uptime_ms for fact in facts if isinstance(fact, LevelNoted)] == [10, 20, 30, 40]
    (letter,) = [codec.decode(record.topic, record.value) for record in read_topic(own, "dead-letters")]
    assert (letter.consumer, letter.topic, letter.value) == ("processor-retention", "media", b"no fact")


def test_a_range_that_cannot_be_read_stops_everything_until_a_person_leaves_it_out(
    own: Settings, log: KafkaLog, feed: Inputs
) -> None:
    at = log.append_raw("protections", b"yard", b"no fact").result(60)
    name = f"protections/{at.partition}/{at.offset}"
    with pytest.raises(Undecided, match=name), feeding(own) as entry:
        entry.join(120)
    tell(log, configured("yard"))
    with feeding(own.model_copy(update={"leave_out": name})):
        until(lambda: len(feed.told) == 1)
    (letter,) = [codec.decode(record.topic, record.value) for record in read_topic(own, "dead-letters")]
    assert (letter.consumer, letter.topic, letter.value) == ("processor-retention", "protections", b"no fact")


WITHHELD = [
    ("processor-motion-entry", segment("yard", 1), False),
    ("processor-episodes-seat", EpisodeRecord(episode_id=1, media="yard", opened_at=NOW_MS, updated_at=NOW_MS), True),
    ("processor-protection-entry", protected("yard", 0), False),
]  # fmt: skip


def test_what_is_withheld_on_the_way_is_not_settled_until_it_goes_on(
    own: Settings, log: KafkaLog, feed: Inputs
) -> None:
    at = log.append(segment("yard", 0)).result(60).partition
    with Workers(own) as workers, feeding(own, Pace(1, 1, 0.1, 0.1)):
        until(lambda: any(one.segment_ends[at] == 1 for one in feed.settled()))
        for group, fact, is_common in WITHHELD:
            workers.stop(group)
            tell(log, fact)
            since = len(feed.rounds)
            until(lambda since=since: len(feed.rounds) >= since + 2)
            if not is_common:
                until(lambda since=since: feed.settled(since))
            said = feed.settled(since)
            assert {one.segment_ends[at] for one in said} <= {-1}
            assert bool(said) is not is_common
            assert all(max(one.segment_ends) >= 0 for one in said)
            workers.start(group)
            since = len(feed.rounds)
            until(lambda since=since: any(one.segment_ends[at] > 0 for one in feed.settled(since)))
    assert feed.settled()[-1].segment_ends[at] == 2


def places(feed: Inputs) -> dict[tuple[str, int], list[int]]:
    """Topic of origin and partition → offsets in the order in which they were told first."""
    found: dict[tuple[str, int], dict[int, None]] = defaultdict(dict)
    for fact in feed.told:
        topic = "storage" if isinstance(fact, LevelNoted) else "segments"
        found[topic, fact.src_partition][fact.src_offset] = None
    return {place: list(offsets) for place, offsets in found.items()}


def test_a_worker_that_is_killed_is_replaced_and_what_is_told_again_has_its_place(
    own: Settings, log: KafkaLog, feed: Inputs
) -> None:
    environment = child_environment(own.as_environment())
    workers = [subprocess.Popen([sys.executable, "-c", WORKER], env=environment)]
    uptimes_ms = itertools.count(100, 100)

    def record(numbers: Iterable[int]) -> None:
        for number in numbers:
            tell(log, *(segment(f"cam{n}", number) for n in range(8)), measured(next(uptimes_ms)))

    def is_told(segments: int) -> bool:
        """Time goes on while this is asked: footage waits for a measurement that was made after it."""
        tell(log, measured(next(uptimes_ms)))
        found = places(feed)
        return sum(len(offsets) for (topic, _), offsets in found.items() if topic == "segments") >= segments

    try:
        until(lambda: feed.rounds)
        workers.append(subprocess.Popen([sys.executable, "-c", WORKER], env=environment))
        record(range(12))
        until(lambda: is_told(40))
        workers[0].send_signal(signal.SIGKILL)
        record(range(12, 24))
        until(lambda: is_told(24 * 8))
    finally:
        for worker in workers:
            worker.terminate()
        codes = [worker.wait(120) for worker in workers]
    assert sorted(codes) == [-9, 0]
    assert all(offsets == list(range(len(offsets))) for offsets in places(feed).values())


def test_one_of_two_measures_and_time_goes_on(own: Settings) -> None:
    stopping = threading.Event()
    settings = own.model_copy(update={"storage_bytes": 1_000_000})

    def measure() -> None:
        log = KafkaLog(settings, "storage", 5000)
        measuring.Measuring(settings, log, Metrics(CollectorRegistry()), stopping, Beat()).run()

    with going_on(measure, stopping), going_on(measure, stopping):
        until(lambda: len(list(read_topic(settings, "storage"))) > 5)
    facts: list[StorageMeasured] = [codec.decode(one.topic, one.value) for one in read_topic(settings, "storage")]
    gaps_ms = [after.uptime_ms - before.uptime_ms for before, after in itertools.pairwise(facts)]
    assert sum(gap_ms < 95 for gap_ms in gaps_ms) <= 1, "two measure"  # once, when the seat moved
    assert {(fact.store, fact.capacity_bytes) for fact in facts} == {(settings.s3_bucket, 1_000_000)}
