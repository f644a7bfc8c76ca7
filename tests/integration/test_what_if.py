"""Reports and what-if over the real tables: filled by facts, read while parts come and go."""

import random
import secrets
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

import httpx
import msgspec
import numpy as np
import pytest

from infra.clickhouse import Database
from infra.settings import Settings
from processors.retention.rules.footage import Rows
from processors.retention.rules.order import BEYOND, HELD, HELD_WITHIN, WITHIN, Policy
from processors.retention.rules.reasons import detail
from processors.retention.rules.terms import Marks
from projections import registry
from projections.footage.reads import FootageReads, Waiting
from projections.spec import Projection
from schemas.codec import AnyFact
from schemas.facts import (
    DeletionOrdered,
    MediaConfigured,
    RangeExpired,
    RangeProtected,
    SegmentsDeleted,
)
from schemas.intervals import Span
from schemas.protection import Hold, ProtectConfig
from schemas.retention import ExpiryReason
from schemas.what_if import HOUR_MS, KeepPolicy
from tests.change_facts import accepted
from tests.fakes import FakeStore
from tests.footage_facts import on_topic, segment
from tests.integration.served import served
from tests.memory_archive import MemoryArchive
from tests.replaying import House
from tests.what_if_histories import NOW_MS, Life, as_held, as_hours, kept_one_by_one, life

NAMES = ["gate", "yard"]
ALL = Span(0, NOW_MS)
POLICY = KeepPolicy(HOUR_MS, keep_ms=2 * HOUR_MS)


class Past(NamedTuple):
    """Two cameras whose footage went as the rules say, in the tables."""

    lives: list[Life]
    left: list[Rows]
    footage: House
    database: Database
    settings: Settings

    @property
    def reads(self) -> FootageReads:
        return FootageReads(self.database, self.settings.database)


def told(settings: Settings, projection: Projection, facts: Iterable[AnyFact]) -> House:
    """A projection that read these facts, shown."""
    house = House(settings, projection)
    house.publish(house.told(on_topic(facts, projection.topics[0]), take=5000))
    return house


def recorded(media: str, one: Life) -> Iterator[AnyFact]:
    for start_ms, end_ms, size_bytes, *_ in one.rows.tolist():
        fact = segment(media, start_ms)
        yield msgspec.structs.replace(fact, end_ms=end_ms, size_bytes=size_bytes, keyframes=(), gop_bytes=())


def deleted(media: str, one: Life, left: Rows) -> Iterator[AnyFact]:
    gone = one.rows[~np.isin(one.rows["start_ms"], left["start_ms"])]
    for at in range(0, len(gone), 200):
        some = gone[at : at + 200]
        yield SegmentsDeleted(
            media=media, observed_ms=NOW_MS - HOUR_MS, start_ms=int(some["start_ms"][0]),
            end_ms=int(some["end_ms"][-1]), segment_starts_ms=tuple(some["start_ms"].tolist()),
            size_bytes=int(some["size_bytes"].sum()), expiration_id=at + 1,
        )  # fmt: skip


def protected(media: str, one: Life) -> Iterator[AnyFact]:
    for number, (start_ms, end_ms, is_locked) in enumerate(one.ranges.tolist()):
        hold = Hold(kind="lock" if is_locked else "episode", id=number)
        yield RangeProtected(media=media, start_ms=start_ms, end_ms=end_ms, observed_ms=end_ms, holds=(hold,))


@pytest.fixture(scope="module")
def past(stack: Settings) -> Past:
    settings = stack.model_copy(update={"database": f"past{secrets.token_hex(3)}"})
    chance = random.Random(6)
    lives = [life(chance, 5, POLICY) for _ in NAMES]
    left = kept_one_by_one(lives, None)
    pairs = list(zip(NAMES, lives, left, strict=True))
    facts = [fact for media, one, _ in pairs for fact in recorded(media, one)]
    facts += [fact for media, one, rows in pairs for fact in deleted(media, one, rows)]
    footage = told(settings, registry.SEGMENTS, facts)
    told(settings, registry.PROTECTED_RANGES, [fact for media, one, _ in pairs for fact in protected(media, one)])
    told(settings, registry.EXPIRATIONS, expirations())
    told(settings, registry.EPISODES, [
        accepted(1, media="gate", opened_at=NOW_MS - 60_000, updated_at=NOW_MS - 50_000, episode_type="face"),
        accepted(2, media="gate", opened_at=NOW_MS - 40_000, updated_at=NOW_MS - 30_000, episode_type="human"),
    ])  # fmt: skip
    return Past(lives, left, footage, Database(settings), settings)


def expirations() -> Iterator[AnyFact]:
    """Footage of a camera that protection has forgotten: four stretches were kept once, three never were."""
    taken: list[tuple[ExpiryReason, int]] = [
        ("keep", HELD), ("depth", BEYOND), ("room", HELD), ("room", WITHIN), ("quota", BEYOND), ("quota", HELD),
        ("hard_cap", HELD_WITHIN),
    ]  # fmt: skip
    for number, (reason, rank) in enumerate(taken):
        start_ms = NOW_MS - (30 - number) * HOUR_MS
        said = detail(reason, rank, Policy(), Marks(0.9, 0.85, 0.95))
        span = {"media": "old", "start_ms": start_ms, "end_ms": start_ms + 60_000, "expiration_id": number + 1}
        at_ms = start_ms + 9 * HOUR_MS
        yield RangeExpired(
            observed_ms=at_ms, reason=reason, policy_version="r1-1", delete_after_ms=at_ms, size_bytes=5, segments=1,
            detail=said, **span,
        )  # fmt: skip
        yield DeletionOrdered(
            observed_ms=at_ms, segment_starts_ms=(start_ms,), size_bytes=5, policy_version="r1-1", **span
        )
    yield RangeExpired(
        media="gate", start_ms=NOW_MS - 9 * HOUR_MS, end_ms=NOW_MS - 8 * HOUR_MS, expiration_id=9, observed_ms=NOW_MS,
        reason="depth", policy_version="r1-1", delete_after_ms=NOW_MS + 1, size_bytes=7, segments=2,
    )  # fmt: skip


def test_hours_are_read_as_the_segments_are_from_any_parts(past: Past) -> None:
    expected = as_hours(past.lives, past.left).tolist()
    assert past.reads.hours(NAMES, ALL).tolist() == expected
    live = past.settings.database
    (table,) = past.footage.rows(
        f"SELECT database FROM system.tables WHERE name = 'footage' AND database LIKE '{live}%'"
    )
    past.footage.command(f"OPTIMIZE TABLE {table[0]}.footage FINAL")
    assert past.footage.rows(f"SELECT count() FROM {live}.footage_days") != [(0,)]
    assert past.reads.hours(NAMES, ALL).tolist() == expected
    assert [one[0] for one in past.reads.hours(NAMES[::-1], ALL).tolist()] == sorted(1 - one[0] for one in expected)
    assert past.reads.recorded() == NAMES


def test_a_window_holds_the_hours_that_reach_into_it_and_cameras_without_footage_have_none(past: Past) -> None:
    expected = as_hours(past.lives, past.left)
    found = past.reads.hours(["gate"], Span(NOW_MS - 3 * HOUR_MS + 1, NOW_MS - HOUR_MS))
    mine = expected[expected["camera"] == 0]
    assert found.tolist() == mine[mine["hour_ms"] >= NOW_MS - 3 * HOUR_MS][:2].tolist()
    assert len(past.reads.hours(["nobody"], ALL)) == len(past.reads.held(["nobody"], ALL)) == 0


class Moving(FootageReads):
    """Reads while a day that was one part becomes several."""

    seen: Iterator[dict[date, str]] = iter(())

    def _days(self) -> dict[date, str]:
        return next(self.seen)


def test_a_day_whose_parts_changed_while_it_was_read_is_read_again(stack: Settings) -> None:
    settings = stack.model_copy(update={"database": f"past{secrets.token_hex(3)}"})
    house = House(settings, registry.SEGMENTS)
    facts = [segment(start_ms=NOW_MS - 12_000), segment(start_ms=NOW_MS - 6_000)]
    generation = house.told(on_topic(facts))
    house.forget_reading(generation)
    house.fold(generation, on_topic(facts))  # the same again, in another part
    house.publish(generation)
    day = date(2025, 12, 31)
    reads = Moving(Database(settings), settings.database)
    reads.seen = iter([{day: "one"}, {day: "one"}])
    fooled = reads.hours(["cam1"], ALL)
    assert fooled["segments"].tolist() == [4]
    reads.seen = iter([{day: "one"}, {day: "another"}, {}])
    assert reads.hours(["cam1"], ALL)["segments"].tolist() == [2]


def test_what_protects_is_read_with_what_did_until_it_went(past: Past) -> None:
    assert past.reads.held(NAMES, ALL).tolist() == as_held(past.lives).tolist()
    old = past.reads.held(["old"], ALL)
    assert ((NOW_MS - old["start_ms"]) // HOUR_MS).tolist() == [30, 28, 25, 24]  # all but what nothing protected


def test_other_settings_of_protection_are_read_from_episodes_and_locks_stay(past: Past) -> None:
    locks = [one for one in as_held(past.lives).tolist() if one[0] == 0 and one[3]]
    faces = past.reads.held_by(["gate"], ProtectConfig(types=("face",), before_ms=1000, after_ms=2000), ALL)
    assert faces.tolist() == [*locks, (0, NOW_MS - 61_000, NOW_MS - 48_000, 0)]
    assert past.reads.held_by(["gate"], ProtectConfig(enabled=False), ALL).tolist() == locks


def test_what_waits_and_what_was_freed_is_summed(past: Past) -> None:
    assert past.reads.waiting(["gate", "yard", "old"]) == {"gate": Waiting(1, 7)}
    gone = sum(int(one.rows["size_bytes"].sum()) for one in past.lives) - sum(
        int(rows["size_bytes"].sum()) for rows in past.left
    )
    assert past.reads.freed(NAMES, Span(NOW_MS - HOUR_MS, NOW_MS)) == gone
    assert past.reads.freed(NAMES, Span(0, NOW_MS - HOUR_MS)) == 0


@pytest.fixture(scope="module")
def api(past: Past) -> Iterator[httpx.Client]:
    archive = MemoryArchive()
    for media in NAMES:
        archive.show(
            MediaConfigured(media=media, observed_ms=1, depth_ms=POLICY.depth_ms, keep_ms=POLICY.keep_ms)
        )  # fmt: skip
    with served(past.settings, FakeStore(), archive, footage=past.reads) as client:
        yield client


def test_the_report_says_what_is_stored_and_what_it_saves(past: Past, api: httpx.Client) -> None:
    answer = api.get("retention/report", params={"to_ms": NOW_MS}).raise_for_status().json()
    stored = [int(rows["size_bytes"].sum()) for rows in past.left]
    assert [one["stored_bytes"] for one in answer["media"]] == stored
    assert [one["oldest_ms"] for one in answer["media"]] == [int(rows["start_ms"].min()) for rows in past.left]
    for one, lived in zip(answer["media"], past.lives, strict=True):
        since = lived.rows[lived.rows["start_ms"] >= one["oldest_ms"]]
        assert one["plain_bytes"] == pytest.approx(int(since["size_bytes"].sum()), rel=0.01)
        assert one["continuous_ms"] == pytest.approx(POLICY.depth_ms, abs=11_000)
    assert 0 < answer["total"]["saving"] < 1


def test_the_policy_in_force_would_keep_what_is_stored(past: Past, api: httpx.Client) -> None:
    answer = api.post("retention/what-if", json={"to_ms": NOW_MS}).raise_for_status().json()
    for one, rows, lived in zip(answer["media"], past.left, past.lives, strict=True):
        doubt = lived.rows["size_bytes"].mean() * (2 * len(lived.ranges) + 4)
        assert abs(one["kept_bytes"] - int(rows["size_bytes"].sum())) <= doubt
    assert answer["going_bytes"] == 0
