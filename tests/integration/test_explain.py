"""Why a minute is kept or gone, and taking back what goes, from the log to answers: real broker and tables.

What protection and retention say is said by the test.
"""

import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from api.protection.stored import StoredProtection
from api.routes import expirations as routes
from api.stored import StoredArchive
from infra import kafka
from infra.clickhouse import Database
from infra.following import usable
from infra.kafka import KafkaLog
from infra.objects import S3Store
from infra.settings import Settings
from projections.episodes.reads import EpisodeReads
from projections.expirations.reads import ExpirationReads, ExpirationSearch, HistoryReads
from projections.motion.reads import MotionReads
from projections.storage.reads import StorageReads, StoredExhaustion
from schemas.facts import MediaConfigured, RangeExpired, RestoreRequested, SegmentsDeleted
from schemas.intervals import Span
from schemas.visible import Shown
from tests.beside import going_on
from tests.change_facts import accepted
from tests.expiration_facts import SEGMENT_MS, exhausted, expired, history, measured, ordered, restored
from tests.footage_facts import START_MS, gap, segment
from tests.integration.served import served
from tests.integration.test_projection import await_read, count, log, own, running, until
from tests.memory_retention import MemoryExpirations
from tests.protection_facts import hold, protected
from tests.scan_facts import scan

__all__ = ["log", "own"]

MINUTE_MS = 60_000
GONE, WAITING = expired("tył", START_MS, MINUTE_MS), expired("tył", START_MS + MINUTE_MS, MINUTE_MS)


@pytest.fixture
def api(own: Settings, log: KafkaLog) -> Iterator[httpx.Client]:
    """The API over what the projections make of the log."""
    database = Database(own)
    with running(own, log), served(
        own, S3Store(own), StoredArchive(own, database), log, lambda: kafka.Follower(own, "media"),
        episodes=EpisodeReads(database, own.database), motion=MotionReads(database, own.database),
        protection=StoredProtection(own, database), retention=ExpirationReads(database, own.database),
        history=HistoryReads(database, own.database),
    ) as client:  # fmt: skip
        yield client


@pytest.fixture
def arbiter(own: Settings, log: KafkaLog) -> Iterator[None]:
    """Stands in for retention: what is asked back is given back."""
    stop, source = threading.Event(), kafka.Follower(own, "expirations")

    def answer() -> None:
        told: dict[int, RangeExpired] = {}
        while not stop.is_set():
            for _, fact in usable(source.poll(0.1), "test"):
                if isinstance(fact, RangeExpired):
                    told[fact.expiration_id] = fact
                elif isinstance(fact, RestoreRequested):
                    log.append(restored(told[fact.expiration_id], by=fact.requested_by))

    with going_on(answer, stop):
        yield
    source.close()


def reasons(api: httpx.Client, at_ms: int) -> tuple[str, list[str]]:
    told = api.get("/media/tył/explain", params={"at_ms": at_ms}).raise_for_status().json()
    return told["state"], [one["kind"] for one in told["because"]]


def stretches(api: httpx.Client, from_ms: int, to_ms: int) -> list[tuple[int, int, str, list[str]]]:
    """Seconds from START_MS, state, kinds."""
    asked = {"from_ms": from_ms, "to_ms": to_ms}
    told: dict[str, Any] = api.get("/media/tył/explain", params=asked).raise_for_status().json()
    return [
        ((one["start_ms"] - START_MS) // 1000, (one["end_ms"] - START_MS) // 1000, one["state"],
         [reason["kind"] for reason in one["because"]])
        for one in told["stretches"]
    ]  # fmt: skip


def test_every_second_of_a_camera_is_explained_from_the_tables(own: Settings, log: KafkaLog, api: httpx.Client) -> None:
    log.append(MediaConfigured(media="tył", observed_ms=START_MS))
    starts = range(START_MS, START_MS + 4 * MINUTE_MS, SEGMENT_MS)
    for start_ms in starts:
        log.append(segment("tył", start_ms))
        log.append(scan("tył", start_ms))
    log.append(gap("tył", START_MS + 4 * MINUTE_MS, START_MS + 5 * MINUTE_MS))
    log.append(segment("tył", START_MS + 5 * MINUTE_MS))
    log.append(accepted(7, media="tył", opened_at=START_MS + 125_000, title="a person"))
    log.append(protected("tył", START_MS + 2 * MINUTE_MS, MINUTE_MS, hold(7)))
    for fact in (GONE, WAITING, ordered(GONE)):
        log.append(fact)
    log.append(
        SegmentsDeleted(
            media="tył", observed_ms=GONE.delete_after_ms + 900, start_ms=START_MS, end_ms=START_MS + MINUTE_MS,
            segment_starts_ms=tuple(starts[:10]), size_bytes=90_000, expiration_id=GONE.expiration_id,
        )
    )  # fmt: skip
    tables = {"media": 1, "segments": 31, "segment_scans": 40, "episodes": 1, "protected_ranges": 1, "expirations": 2}
    until(lambda: {name: count(own, name) for name in tables} == tables and count(own, "deletions") == 1)
    await_read(own, log, "segments", "motion", "episodes", "protected_ranges", "expirations", "media")

    assert stretches(api, START_MS - MINUTE_MS, START_MS + 6 * MINUTE_MS) == [
        (-60, 0, "never", ["before_first"]),
        (0, 60, "gone", ["expired", "ordered", "deleted"]),
        (60, 120, "kept", ["stored", "expiring"]),
        (120, 180, "kept", ["stored", "hold", "keep"]),
        (180, 240, "kept", ["stored", "waiting"]),
        (240, 300, "never", ["gap"]),
        (300, 306, "kept", ["stored", "unjudged", "waiting"]),
        (306, 360, "never", ["after_last"]),
    ]
    assert reasons(api, START_MS + 59_999) == ("gone", ["expired", "ordered", "deleted"])
    assert reasons(api, START_MS + MINUTE_MS) == ("kept", ["stored", "expiring"])
    asked = {"at_ms": START_MS + 130_000}
    (held,) = [one for one in api.get("/media/tył/explain", params=asked).json()["because"] if one["kind"] == "hold"]
    assert held["text"].startswith("episode generic 'a person' from api, ")
    linked = api.get(held["link"].removeprefix("/api/v1")).raise_for_status().json()
    assert (linked["title"], linked["media"]) == ("a person", "tył")

    log.append(replace(segment("tył", START_MS + MINUTE_MS), observed_ms=WAITING.observed_ms + 1))
    log.append(ordered(WAITING))
    until(lambda: reasons(api, START_MS + 2 * MINUTE_MS - 1) == ("gone", ["stored", "expired", "ordered"]))
    until(lambda: reasons(api, START_MS + MINUTE_MS) == ("kept", ["stored", "left", "waiting"]))


def test_what_goes_is_listed_and_taken_back_until_its_deletion_is_ordered(
    own: Settings, log: KafkaLog, api: httpx.Client, arbiter: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = expired("tył", START_MS + 2 * MINUTE_MS, MINUTE_MS)
    for fact in (GONE, WAITING, late, ordered(GONE)):
        log.append(fact)
    until(lambda: count(own, "expirations") == 3)
    await_read(own, log, "expirations")
    assert [one["state"] for one in api.get("/expirations").json()["expirations"]] == ["expired", "expired", "ordered"]
    first = api.get("/expirations", params={"state": "expired", "limit": 1}).json()
    assert [one["expiration_id"] for one in first["expirations"]] == [str(WAITING.expiration_id)]
    more = api.get("/expirations", params={"state": "expired", "limit": 1, "cursor": first["next"]}).json()
    assert [one["expiration_id"] for one in more["expirations"]] == [str(late.expiration_id)]
    assert more["as_of_ms"] is not None

    monkeypatch.setattr(routes, "ANSWERED_S", 60.0)
    back = api.post(f"/expirations/{WAITING.expiration_id}/restore")
    assert (back.status_code, back.json()["state"], back.json()["restored_by"]) == (200, "restored", "admin-token")
    gone = api.post(f"/expirations/{GONE.expiration_id}/restore")
    assert (gone.status_code, gone.json()["type"]) == (409, "urn:sightlog:problem:too-late")
    assert api.post("/expirations/5/restore").status_code == 404


SEARCHES = [
    ExpirationSearch(),
    ExpirationSearch(state="expired"),
    ExpirationSearch(state="ordered", media=("cam1",)),
    ExpirationSearch(state="restored", visible=(Shown(frozenset({"cam0", "cam2"})),), media=("cam0", "cam1")),
    ExpirationSearch(visible=(Shown(frozenset({"cam0"})), Shown(None, START_MS + 10_000_000, START_MS + 90_000_000))),
    ExpirationSearch(from_ms=START_MS + 10_000_000, to_ms=START_MS + 20_000_001),
]


def test_questions_are_answered_as_the_facts_say(own: Settings, log: KafkaLog) -> None:
    model = MemoryExpirations()
    model.facts = history(240)  # type: ignore[assignment]
    decisions = [one for one in model.facts if isinstance(one, RangeExpired)]
    for fact in [*model.facts, exhausted(START_MS + 7), *(measured(at, START_MS + at * 1000) for at in range(90))]:
        log.append(fact)
    database = Database(own)
    reads, levels = ExpirationReads(database, own.database), StorageReads(database, own.database)
    with running(own, log):
        until(lambda: count(own, "storage_levels") == 2)
        await_read(own, log, "expirations", "storage")
        until(lambda: reads.page(SEARCHES[0], 1000) == _once(model.page(SEARCHES[0], 1000)))
    for search in SEARCHES:
        expected = _once(model.page(search, 1000))
        assert expected
        assert reads.page(search, 1000) == expected
        assert [*reads.page(search, 3), *reads.page(search, 1000, expected[2].place)] == expected
    some = decisions[3]
    assert reads.one(some.expiration_id) == model.one(some.expiration_id)
    assert reads.one(some.expiration_id, "nobody") is None
    assert reads.at(some.media, some.start_ms) == _once(model.at(some.media, some.start_ms))
    assert reads.upcoming("cam1", 5) == _once(model.page(ExpirationSearch(media=("cam1",), state="expired"), 1000))[:5]
    assert [one.used_bytes for one in levels.within("disk", Span(START_MS, START_MS + 120_000))] == [59, 89]
    assert [(one.observed_ms, one.used_bytes) for one in levels.latest()] == [(START_MS + 89_000, 89)]
    assert levels.exhaustions() == [
        StoredExhaustion(
            store="disk", observed_ms=START_MS + 7, used_bytes=950, capacity_bytes=1000, locked_bytes=900, is_over=False
        )
    ]


def _once(found: list[Any]) -> list[Any]:
    """A decision that was told twice is one."""
    return list(dict.fromkeys(found))
