"""A silent camera is told over a real log, from real tables, to a real service, by one of two processes."""

import json
import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from api.alarms.alert_text import Message
from api.alarms.health import Health
from api.alarms.lookout import Lookout
from api.alarms.telling import Telling
from api.letters.store import StoredLetters
from api.metrics import Metrics
from infra import kafka
from infra.clickhouse import Database
from infra.settings import BadSettings, Settings
from projections.alarms.reads import AlarmReads
from projections.mail_refusals.reads import MailRefusalReads
from projections.storage.reads import StorageReads
from schemas import codec
from schemas.facts import AlertClaimed, AlertDelivered, MediaConfigured
from tests.alarm_facts import DAY_MS, HOUR_MS, alarm
from tests.expiration_facts import exhausted, measured
from tests.footage_facts import START_MS
from tests.integration.sql_desk import keep, made

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
"""Apprise loads it where Python has it."""
NOW_MS = START_MS + 30 * DAY_MS


@pytest.fixture(scope="module")
def service() -> Iterator[tuple[str, list[Any]]]:
    """An address that Apprise knows, and what was posted to it."""
    posted: list[Any] = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Taking)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"json://127.0.0.1:{server.server_port}/", posted
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def own(stack: Settings) -> Settings:
    mark = secrets.token_hex(3)
    settings = stack.model_copy(update={"database": f"alert{mark}", "topic_prefix": f"alert{mark}."})
    kafka.ensure_topics(settings)
    database = made(settings)
    quiet = [alarm(n, "tył", NOW_MS - 3 * DAY_MS - n * HOUR_MS) for n in range(200)]
    busy = [alarm(n, "gate", NOW_MS - n * HOUR_MS) for n in range(200)]
    keep(settings, database, "alarms", [*quiet, *busy])
    keep(settings, database, "media", [MediaConfigured(media=name, observed_ms=1) for name in ("tył", "gate", "new")])
    return settings


def lookout(settings: Settings, log: kafka.KafkaLog, process: str, telling: Telling) -> Lookout:
    database = Database(settings)
    health = Health(
        AlarmReads(database, settings.database),
        MailRefusalReads(database, settings.database),
        StoredLetters(settings, database),
    )
    levels = StorageReads(database, settings.database)
    return Lookout(
        health, levels, list, log, lambda: kafka.Follower(settings, "alerts"), Metrics(), telling.send, process
    )


def test_one_of_two_processes_tells_and_no_later_one_does(own: Settings, service: tuple[str, list[Any]]) -> None:
    address, posted = service
    log, telling = kafka.KafkaLog(own, "test"), Telling(f"json://127.0.0.1:9/ {address}")
    both = [lookout(own, log, name, telling) for name in ("first", "second")]
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda one: one.look(NOW_MS), both))
    assert sorted(len(one) for one in told) == [0, 1]
    assert lookout(own, log, "later", telling).look(NOW_MS + HOUR_MS) == []
    log.close()
    assert [(one["title"], one["type"]) for one in posted] == [("tył mails no longer", "warning")]
    assert "3 d 0 h ago" in posted[0]["message"]
    facts = [type(codec.decode("alerts", one.value)) for one in kafka.read_topic(own, "alerts")]
    assert facts.count(AlertDelivered) == 1
    assert facts.count(AlertClaimed) in (1, 2)


def test_an_address_that_no_service_knows_stops_the_start_without_naming_its_secret() -> None:
    with pytest.raises(BadSettings, match="address 2") as refused:
        Telling("json://127.0.0.1:9/ nonsense://user:hidden@host")
    assert "hidden" not in str(refused.value)


def test_what_reaches_nobody_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert not Telling("json://user:hidden@127.0.0.1:9/").send(Message("title", "body"))
    assert Telling("").send(Message("title", "body"))
    told = capsys.readouterr()
    assert "hidden" not in told.out + told.err


def test_a_store_without_room_is_told_once_to_a_real_service(own: Settings, service: tuple[str, list[Any]]) -> None:
    address, posted = service
    database = Database(own)
    keep(own, database, "storage", [measured(950, NOW_MS), exhausted(NOW_MS)])
    log = kafka.KafkaLog(own, "test")
    before = len(posted)
    try:
        told = [lookout(own, log, name, Telling(address)).look(NOW_MS + 1000) for name in ("s1", "s2")]
    finally:
        log.close()
    assert [one.subject for each in told for one in each if one.is_of_store] == ["store/disk"]
    titles = [one["title"].split(";")[0] for one in posted[before:] if one["title"].startswith("store/")]
    assert titles == ["store/disk has no room left to make"]
