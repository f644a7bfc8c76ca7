"""Alarms from the log to answers: real broker, tables and object store; a rebuild beside them; letters and back."""

import secrets
from collections.abc import Iterator

import httpx
import pytest

from api.letters.store import StoredLetters
from api.stored import StoredArchive
from infra import kafka
from infra.clickhouse import Database
from infra.deadletter import letter
from infra.kafka import KafkaLog
from infra.log import Record
from infra.objects import S3Store
from infra.settings import Settings
from projections import registry
from projections.alarms.reads import AlarmReads
from projections.episodes.reads import EpisodeReads
from projections.generations.rebuild import Rebuild
from projections.mail_refusals.reads import MailRefusalReads
from schemas import codec
from schemas.facts import AlarmReceived, AlarmsTicked, MediaConfigured
from tests.alarm_facts import HOUR_MS, alarm, history, mail, refusal
from tests.footage_facts import START_MS, segment
from tests.integration.served import served
from tests.integration.sql_desk import accepted
from tests.integration.test_projection import await_read, count, log, own, running, until
from tests.integration.test_rebuild import read_up

__all__ = ["log", "own"]

RAW = b"Subject: Motion\r\n\r\nat the gate\r\n"


@pytest.fixture
def api(own: Settings, log: KafkaLog) -> Iterator[httpx.Client]:
    """The API over what the projections make of the log."""
    database = Database(own)
    store = S3Store(own)
    store.ensure_bucket()
    with running(own, log), served(
        own, store, StoredArchive(own, database), log, lambda: kafka.Follower(own, "media"),
        EpisodeReads(database, own.database), alarms=AlarmReads(database, own.database),
        refusals=MailRefusalReads(database, own.database), letters=StoredLetters(own, database),
    ) as client:  # fmt: skip
        yield client


def lettered(record: Record) -> object:
    return letter(record, "processor-alarms", "no_match", "none of gate's words is in it", START_MS)


def test_a_mail_is_answered_with_its_bytes_its_health_and_its_letters(
    own: Settings, log: KafkaLog, api: httpx.Client
) -> None:
    key = f"mails/{secrets.token_hex(32)}.eml"
    S3Store(own).put(key, RAW, "message/rfc822")
    log.append(MediaConfigured(media="tył", observed_ms=START_MS, mail_login="nvr", mail_password="hidden"))
    log.append(alarm(1, "tył", START_MS, mail_key=key, claimed_ms=START_MS - HOUR_MS, sender="tył@x"))
    log.append(alarm(1, "tył", START_MS + HOUR_MS, mail_key=key))
    log.append(AlarmsTicked(partition=0, observed_ms=START_MS), partition=0)
    log.append(refusal("tył", START_MS))
    not_read = mail(b"Subject: Tamper\r\n\r\n", route="nvr")
    position = log.append(not_read).result(60)
    record = Record("mails", position.partition, position.offset, b"nvr", codec.encode(not_read), 0)
    log.append(lettered(record))  # type: ignore[arg-type]
    until(lambda: [count(own, name) for name in ("alarms", "mail_refusals", "dead_letters", "media")] == [1, 1, 1, 1])
    await_read(own, log, "alarms")

    (one,) = api.get("/alarms", params={"media": "tył"}).json()["alarms"]
    assert (one["received_ms"], one["skew_ms"], one["sender"]) == (START_MS, -HOUR_MS, "tył@x")
    assert api.get(f"http://{api.base_url.netloc.decode()}{one['mail_url']}").content == RAW
    (camera,) = api.get("/alarms/health").json()["cameras"]
    assert (camera["media"], camera["state"], camera["last_ms"]) == ("tył", "ok", START_MS + HOUR_MS)
    assert api.get("/media/tył/smtp").json()["password"] == "hidden"

    (told,) = api.get("/dead-letters", params={"topic": "mails"}).json()["letters"]
    assert told["reason"] == "none of gate's words is in it"
    assert api.get(f"/dead-letters/{told['place']}/mail").content == not_read.raw
    assert api.post("/dead-letters/redrive", json={"places": [told["place"]]}).json() == {"redriven": 1}
    again = [one for one in kafka.read_topic(own, "mails") if dict(one.headers).get("sightlog-redriven")]
    assert [(one.value, dict(one.headers)["sightlog-redriven"]) for one in again] == [
        (record.value, told["place"].encode())
    ]


def test_an_alarm_episode_stands_in_lists_calendar_histogram_and_playlist(
    own: Settings, log: KafkaLog, api: httpx.Client
) -> None:
    for at in range(10):
        log.append(segment("gate", START_MS + at * 6000))
    payload = {"mails": 3, "until_ms": START_MS + 40_000}
    mark = accepted(
        "gate", 5, START_MS + 10_000, rev=2, closed_at=START_MS + 40_000, title="Motion", payload=payload,
        originator={"source": "alarm"},
    )  # fmt: skip
    log.append(mark)
    until(lambda: (count(own, "episodes"), count(own, "segments")) == (1, 10))
    (one,) = api.get("/episodes", params={"source": "alarm"}).json()["episodes"]
    assert (one["payload"], one["recording_status"]) == (payload, "full")
    assert api.get("/media/gate/days").json()["days"][0]["episodes"] == 1
    window = {"from_ms": START_MS, "to_ms": START_MS + 60_000}
    assert api.get("/media/gate/activity", params=window).json()["episodes"] == [1]
    playlist = api.get("/media/gate/archive.m3u8", params=window).text
    assert 'CLASS="episode"' in playlist
    assert 'X-SOURCE="alarm"' in playlist.upper().replace("ALARM", "alarm")


def test_a_rebuild_of_alarms_is_the_live_ones(own: Settings, log: KafkaLog) -> None:
    facts = history(150)
    for fact in facts:
        log.append(fact, partition=fact.partition if isinstance(fact, AlarmsTicked) else None)
    alarms = len({(one.media, one.alarm_id) for one in facts if isinstance(one, AlarmReceived)})
    work = Rebuild(own, registry.ALARMS)
    with running(own, log):
        until(lambda: count(own, "alarms") == alarms)
        generation = work.begin()
        read_up(work, generation)
        assert work.compare_and_swap(generation) == []
        assert count(own, "alarms") == alarms
