"""Motion from the log to answers: real broker and tables, a run from its request to its promotion, a rebuild beside."""

from collections.abc import Iterator

import httpx
import pytest
from confluent_kafka import Consumer, TopicPartition

from api.stored import StoredArchive
from cli.commands import check
from infra import kafka
from infra.clickhouse import Database
from infra.kafka import KafkaLog
from infra.objects import S3Store
from infra.settings import Settings
from projections import registry
from projections.generations.rebuild import Rebuild
from projections.motion.reads import MotionReads
from projections.reprocess.reads import RunReads, group
from projections.segments.audit import SegmentId
from schemas.facts import MediaConfigured, MotionTicked, SegmentScanned
from schemas.motion import Stretch
from tests.footage_facts import START_MS, segment
from tests.integration.served import patient, served
from tests.integration.test_projection import await_read, count, log, own, running, until
from tests.integration.test_rebuild import read_up
from tests.scan_facts import asked, dropped, history, look, looked, scan, started

__all__ = ["log", "own"]

WINDOW = {"from_ms": START_MS, "to_ms": START_MS + 60_000}


@pytest.fixture
def api(own: Settings, log: KafkaLog) -> Iterator[httpx.Client]:
    """The API over what the projections make of the log."""
    database = Database(own)
    with patient(), running(own, log), served(
        own, S3Store(own), StoredArchive(own, database), log, lambda: kafka.Follower(own, "media"),
        motion=MotionReads(database, own.database), runs=RunReads(own, database),
    ) as client:  # fmt: skip
        yield client


def commit(settings: Settings, name: str, partition: int, offset: int) -> None:
    """Let the group of a run have come so far on topic ``segments``."""
    consumer = Consumer(kafka.consumer_config(settings, name))
    place = TopicPartition(kafka.topic_name(settings, "segments"), partition, offset)
    consumer.commit(offsets=[place], asynchronous=False)
    consumer.close()


def test_a_run_goes_from_its_request_to_verdicts_that_count(own: Settings, log: KafkaLog, api: httpx.Client) -> None:
    log.append(MediaConfigured(media="tył", observed_ms=START_MS))
    places = [log.append(segment("tył", START_MS + at * 6000)).result(60) for at in range(10)]
    partition = places[0].partition
    for at in range(9):
        log.append(scan("tył", START_MS + at * 6000, looks=(look(START_MS + at * 6000, 0.1, c20=10 + at),)))
    log.append(MotionTicked(partition=0, observed_ms=START_MS), partition=0)
    until(lambda: (count(own, "segment_scans"), count(own, "segments"), count(own, "media")) == (9, 10, 1))
    first = api.get("/media/tył/motion", params=WINDOW).json()
    assert [one["verdict"] for one in first["verdicts"]] == ["still"] * 9
    assert first["counts"] == {"motion": 0, "still": 9, "unreadable": 0, "off": 0, "unscanned": 1}
    region = {"region": "0.25,0.1 0.3,0.1 0.3,0.2 0.25,0.2", "min_energy": 17}
    found = api.get("/media/tył/motion", params=WINDOW | region).json()["verdicts"]
    assert [(one["start_ms"], one["seen"][0]["energy"]) for one in found] == [
        (START_MS + 42_000, 17), (START_MS + 48_000, 18),
    ]  # fmt: skip

    run = api.post("/reprocess", json={"run": "night", "media": ["tył"], **WINDOW}).raise_for_status().json()
    assert (run["state"], run["progress"]["share"]) == ("requested", 0)
    log.append(started("night", Stretch(partition=partition, begin=0, end=10)))
    until(lambda: api.get("/reprocess/night").json()["state"] == "running")
    assert api.get("/reprocess/night").json()["progress"] == {"records": 10, "done": 0, "share": 0.0}
    commit(own, group("night"), partition, 4)
    assert api.get("/reprocess/night").json()["progress"] == {"records": 10, "done": 4, "share": 0.4}
    log.append(scan("tył", START_MS + 6000, run="night", moved=[(0, 500)]))
    log.append(looked("night"))
    until(lambda: count(own, "segment_scans") == 10 and api.get("/reprocess/night").json()["state"] == "done")
    assert api.get("/media/tył/motion", params=WINDOW).json()["counts"]["motion"] == 0
    assert api.post("/reprocess/night/promote").raise_for_status().json()["state"] == "promoting"
    assert api.get("/media/tył/motion", params=WINDOW).json()["counts"]["motion"] == 1

    api.post("/reprocess", json={"run": "day", **WINDOW}).raise_for_status()
    log.append(scan("tył", START_MS, run="day"))
    until(lambda: count(own, "segment_scans") == 11)
    assert api.delete("/reprocess/day").status_code == 204
    assert count(own, "segment_scans") == 10
    assert [one["run"] for one in api.get("/reprocess").json()["runs"]] == ["day", "night"]


def test_a_rebuild_of_motion_is_the_live_one(own: Settings, log: KafkaLog) -> None:
    facts = history(200)
    for fact in facts:
        log.append(fact, partition=fact.partition if isinstance(fact, MotionTicked) else None)
    scans = [one for one in facts if isinstance(one, SegmentScanned)]
    verdicts = len({(one.media, one.start_ms, one.run, one.detector) for one in scans})
    work = Rebuild(own, registry.MOTION)
    with running(own, log):
        until(lambda: count(own, "segment_scans") == verdicts)
        generation = work.begin()
        read_up(work, generation)
        assert work.compare_and_swap(generation) == []
        assert count(own, "segment_scans") == verdicts


def test_check_compares_verdicts_with_their_facts_and_counts_what_nobody_judged(own: Settings, log: KafkaLog) -> None:
    facts = [asked("gone"), dropped("gone"), scan("gate"), scan("gate"), scan("gate", run="gone"), segment("gate")]
    for fact in [*facts, segment("gate", START_MS + 6000)]:
        log.append(fact)
    with running(own, log):
        until(lambda: (count(own, "segment_scans"), count(own, "segments"), count(own, "reprocess_runs")) == (1, 2, 1))
        await_read(own, log, "motion", "segments", "reprocess")
    audit = check.verdicts(own)
    assert audit.is_whole
    assert (audit.facts, audit.rows, audit.unscanned) == (1, 1, [SegmentId("gate", START_MS + 6000)])
    (line,) = check.report_scans(audit)
    assert line.startswith(f"1 segments without a verdict of motion: gate/{START_MS + 6000} ")
    log.append(scan("gate", START_MS + 6000)).result(60)
    behind = check.verdicts(own)
    assert [one.start_ms for one in behind.rows_missing] == [START_MS + 6000]
    assert not behind.is_whole
