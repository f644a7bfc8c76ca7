"""Locks from the log to answers: real broker and tables; what protection and retention say is said by the test."""

import re
import secrets
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from api.protection import placing
from api.protection.certainty import Certainty
from api.protection.stored import StoredProtection
from api.routes import media_servers
from api.stored import StoredArchive
from cli.main import build
from infra import kafka
from infra.clickhouse import Database
from infra.clock import now_ms
from infra.kafka import KafkaLog
from infra.objects import S3Store
from infra.settings import Settings
from projections.expirations.reads import ExpirationReads
from projections.protected_ranges.reads import ProtectedReads, StoredHold
from schemas.facts import MediaConfigured, Settled, SettlingStarted
from schemas.intervals import Span
from tests.beside import going_on
from tests.expiration_facts import expired, ordered, restored
from tests.footage_facts import START_MS, deleted, segment
from tests.integration.operating import blocks, commands, pattern
from tests.integration.served import TOKEN, patient, served
from tests.integration.test_projection import await_read, count, log, own, running, until
from tests.protection_facts import MINUTE_MS, hold, locked, protected, released, unlocked

__all__ = ["log", "own"]

DAY_MS = 86_400_000
GUIDE_MS = 1_795_197_600_000
"""2026-11-20T18:00:00Z, as the guide has it."""
LOCK = {"from_ms": START_MS, "to_ms": START_MS + MINUTE_MS, "reason": "police"}


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever stands in for protection, and the tables, may take as long as a busy machine does."""
    for name in ("HELD_S", "READ_S"):
        monkeypatch.setattr(placing, name, 60.0)


@pytest.fixture
def certainty(own: Settings) -> Iterator[Certainty]:
    """What listens to a topic of this test's own."""
    made = Certainty(
        lambda: kafka.Follower(own, "retention-inputs", only_new=True), lambda topic: kafka.end_offsets(own, topic)
    )
    yield made
    made.close()


@pytest.fixture
def api(own: Settings, log: KafkaLog, certainty: Certainty) -> Iterator[httpx.Client]:
    """The API over what the projections make of the log."""
    database = Database(own)
    with patient(), running(own, log), served(
        own, S3Store(own), StoredArchive(own, database), log, lambda: kafka.Follower(own, "media"),
        protection=StoredProtection(own, database), retention=ExpirationReads(database, own.database),
        certainty=certainty,
    ) as client:  # fmt: skip
        yield client


def answered(log: KafkaLog, reads: ProtectedReads, stop: threading.Event) -> None:
    """Stand in for protection: every lock that is asked for becomes a range."""
    told: set[int] = set()
    while not stop.wait(0.05):
        for one in reads.locks(None, 100):
            if one.lock_id not in told:
                told.add(one.lock_id)
                kind: Any = one.kind
                length_ms = one.end_ms - one.start_ms
                log.append(protected(one.media, one.start_ms, length_ms, hold(one.lock_id, kind)))


@pytest.fixture
def protection(own: Settings, log: KafkaLog, api: httpx.Client) -> Iterator[ProtectedReads]:
    """The reads, and somebody who answers locks."""
    reads, stop = ProtectedReads(Database(own), own.database), threading.Event()
    until(lambda: count(own, "locks") == 0)
    with going_on(lambda: answered(log, reads, stop), stop):
        yield reads


def states(api: httpx.Client) -> list[str]:
    return [one["state"] for one in api.get("/locks").raise_for_status().json()["locks"]]


def receipt(told: dict[str, Any]) -> list[tuple[int, int, str, str]]:
    """Seconds from START_MS, status, why."""
    return [
        ((one["from_ms"] - START_MS) // 1000, (one["to_ms"] - START_MS) // 1000, one["status"], one["because"])
        for one in told["receipt"]
    ]


def test_a_lock_is_answered_with_what_tables_say_of_its_footage(
    own: Settings, log: KafkaLog, api: httpx.Client, protection: ProtectedReads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "DECIDED_S", 0.2)
    log.append(MediaConfigured(media="tył", observed_ms=START_MS))
    for at in range(10):
        log.append(segment("tył", START_MS + at * 6000))
    log.append(deleted("tył", [START_MS]))
    gone = expired("tył", START_MS + 6000, 6000)
    partly = expired("tył", START_MS + 12_000, 12_000)
    waiting = expired("tył", START_MS + 24_000, 6000, observed_ms=now_ms(), delete_after_ms=now_ms() + DAY_MS)
    back = expired("tył", START_MS + 30_000, 6000)
    late = expired("tył", START_MS + 36_000, 6000)
    for fact in (gone, ordered(gone), partly, ordered(partly), waiting, back, restored(back), late):
        log.append(fact)
    log.append(deleted("tył", [START_MS + 6000]).__class__(
        media="tył", observed_ms=1, start_ms=START_MS + 6000, end_ms=START_MS + 12_000,
        segment_starts_ms=(START_MS + 6000,), size_bytes=1, expiration_id=gone.expiration_id,
    ))  # fmt: skip
    log.append(segment("tył", START_MS + 6000, run="again"))
    log.append(replace(segment("tył", START_MS + 18_000), observed_ms=partly.observed_ms + 1)).result(60)
    until(lambda: (count(own, "segments"), count(own, "expirations"), count(own, "media")) == (9, 5, 1))
    await_read(own, log, "segments", "expirations")
    told = api.post("/media/tył/locks", json=LOCK | {"from_ms": START_MS - 6000}).raise_for_status().json()
    assert receipt(told) == [
        (-6, 0, "gone", "never recorded"), (0, 6, "gone", "deleted"), (6, 12, "covered", "stored"),
        (12, 18, "gone", "going"), (18, 36, "covered", "stored"), (36, 42, "partial", "undecided"),
        (42, 60, "covered", "stored"),
    ]  # fmt: skip
    assert "note" not in told
    shown = api.get(f"/locks/{told['lock_id']}").json()
    assert (shown["state"], receipt(shown)) == ("held", receipt(told))
    ranges = api.get("/media/tył/ranges", params={"from_ms": START_MS, "to_ms": START_MS + 9000}).json()["protected"]
    assert ranges == [
        {"start_ms": START_MS, "end_ms": START_MS + 9000, "holds": [{"kind": "lock", "id": told["lock_id"]}]}
    ]
    assert api.delete(f"/locks/{told['lock_id']}").status_code == 204
    assert api.delete(f"/locks/{told['lock_id']}").status_code == 204
    assert [one["state"] for one in api.get("/media/tył/locks").json()["locks"]] == ["released"]


def test_every_command_of_the_guide_does_what_the_guide_says(
    own: Settings, log: KafkaLog, api: httpx.Client, protection: ProtectedReads
) -> None:
    log.append(MediaConfigured(media="garage", observed_ms=GUIDE_MS))
    for at in range(10):
        log.append(segment("garage", GUIDE_MS + at * 6000)).result(60)
    until(lambda: (count(own, "segments"), count(own, "media")) == (10, 1))
    env = {"SIGHTLOG_API_URL": str(api.base_url).removesuffix("/api/v1/"), "SIGHTLOG_API_KEY": TOKEN}
    example, shown, first = "7311240972417630210", "", ""
    for kind, code in blocks("locks"):
        for line in code.splitlines() if kind == "text" else ():
            assert re.search(pattern(line), shown), line
        for words in commands(code) if kind == "bash" else ():
            done = CliRunner().invoke(build(), [word.replace(example, first) for word in words], env=env)
            assert done.exit_code == 0, f"{words}\n{done.output}"
            shown, first = done.stdout, first or re.findall(r"is locked: (\d+)", done.stdout)[0]
        if kind == "sql":
            assert len(Database(own, own.database).rows(code)) == 3
    assert states(api) == ["held", "held", "released"]


def test_while_protection_is_stopped_a_lock_counts_and_the_answer_says_so(
    own: Settings, log: KafkaLog, api: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "HELD_S", 0.5)
    log.append(segment("gate")).result(60)
    until(lambda: count(own, "segments") == 1)
    told = api.post("/media/gate/locks", json=LOCK).raise_for_status().json()
    assert "processor:protection" in told["note"]
    until(lambda: states(api) == ["requested"])
    log.append(protected("gate", START_MS, MINUTE_MS, hold(int(told["lock_id"]), "lock")))
    until(lambda: states(api) == ["held"])
    log.append(released("gate", START_MS, MINUTE_MS))
    until(lambda: states(api) == ["ended"])


def test_a_range_is_found_however_long_before_a_window_it_begins(
    own: Settings, log: KafkaLog, api: httpx.Client
) -> None:
    year_ms = 366 * DAY_MS
    facts = [
        protected("gate", START_MS - year_ms, 2 * year_ms, hold(1, "lock")),
        protected("yard", START_MS - 3 * DAY_MS, DAY_MS), protected("yard", START_MS - DAY_MS, 2 * DAY_MS, hold(2)),
        protected("old", START_MS - year_ms, DAY_MS), protected("old", START_MS - year_ms + DAY_MS, DAY_MS, hold(4)),
        protected("late", START_MS + MINUTE_MS), locked(9, "late"), unlocked(9, "late"), locked(8, "late"),
    ]  # fmt: skip
    for fact in facts:
        log.append(fact)
    reads = ProtectedReads(Database(own), own.database)
    until(lambda: (count(own, "protected_ranges"), count(own, "locks")) == (6, 2))
    await_read(own, log, "protected_ranges")
    window = Span(START_MS, START_MS + MINUTE_MS)
    near = reads.near(["gate", "yard", "old", "late", "none"], window)
    assert {name: [one.holds for one in found] for name, found in near.items()} == {
        "gate": [(StoredHold("lock", 1),)], "yard": [(StoredHold("episode", 2),)],
    }  # fmt: skip
    assert [one.media for one in reads.everywhere(window, 10)] == ["gate", "yard"]
    assert [one.media for one in reads.everywhere(window, 1)] == ["gate"]
    assert [one.start_ms for one in reads.within("late", Span(0, 1 << 43))] == [START_MS + MINUTE_MS]
    assert reads.within("gate", Span(START_MS - 2 * year_ms, START_MS - year_ms)) == []
    assert reads.known(["old", "none"]) == {"old"}
    assert [(one.lock_id, one.released_by) for one in reads.locks("late", 10)] == [(9, "anna"), (8, "")]
    assert reads.in_force(reads.locks(None, 10)) == set()


def test_a_media_server_gets_an_answer_only_once_a_round_has_settled(
    own: Settings, log: KafkaLog, api: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_servers, "WAIT_S", 1.0)
    place = log.append(MediaConfigured(media="gate", observed_ms=START_MS)).result(60)
    log.append(protected("gate")).result(60)
    until(lambda: (count(own, "media"), count(own, "protected_ranges")) == (1, 1))
    address = str(api.base_url).removesuffix("/api/v1/") + "/central/api/v3/streamers/dvr/episodes"
    asked = {"media": "gate", "opened_at_lt": START_MS + DAY_MS, "closed_at_gt": START_MS}
    assert api.get(address, params=asked).json()["type"] == "urn:sightlog:problem:protection-not-certain"
    number = secrets.randbits(60)
    log.append(SettlingStarted(settle_id=number, observed_ms=1)).result(60)
    ends = tuple(-1 if at == place.partition else 5 for at in range(own.partitions))
    log.append(Settled(settle_id=number, observed_ms=2, segment_ends=ends)).result(60)
    assert api.get(address, params=asked).status_code == 503
    log.append(SettlingStarted(settle_id=number + 1, observed_ms=1)).result(60)
    log.append(Settled(settle_id=number + 1, observed_ms=2, segment_ends=(5,) * own.partitions)).result(60)
    monkeypatch.setattr(media_servers, "WAIT_S", 60.0)
    (episode,) = api.get(address, params=asked).raise_for_status().json()["episodes"]
    assert (episode["opened_at"], episode["closed_at"]) == (START_MS, START_MS + MINUTE_MS)
