"""Episodes, locks, settings and deletions become ranges on a real broker, though a worker is killed."""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from infra.clock import now_ms
from infra.kafka import KafkaLog, ensure_topics, read_topic
from infra.settings import Settings
from processors.protection.entry.rules import translated
from schemas import codec
from schemas.episode import EpisodeRecord, Originator
from schemas.facts import (
    EpisodeAccepted,
    Fact,
    LockReleased,
    LockRequested,
    MediaConfigured,
    RangeProtected,
    SegmentsDeleted,
)
from schemas.protection import ProtectConfig
from tests.integration.mailing import service
from tests.integration.recording import wait_for
from tests.protection_model import Model, Range, assigned, rows

CAMERAS = [f"camera-{number}" for number in range(8)]
HOUR_MS = 3_600_000
BASE_MS = 1_700_000_000_000
OPEN_MS = 60_000
ORIGINS = ("api", "alarm", "inference", "motion_detector", "person")


def version(media: str, number: int, rev: int, start_ms: int, closed_at: int | None, **more: Any) -> EpisodeAccepted:
    """One version of an episode, as the lifecycle tells it."""
    source: Any = ORIGINS[number % len(ORIGINS)]
    record = EpisodeRecord(
        episode_id=number, media=media, opened_at=start_ms, updated_at=start_ms + rev * 1000, closed_at=closed_at,
        originator=Originator(source=source), **more,
    )  # fmt: skip
    return EpisodeAccepted(media=media, observed_ms=start_ms, episode_id=number, rev=rev, save_id=number, record=record)


def history(media: str) -> list[Fact]:
    """Two hours of a camera: marks that grow, shrink, come late, reach over a day's quarter, and are replaced."""
    facts: list[Fact] = [MediaConfigured(media=media, observed_ms=BASE_MS)]
    for number in range(40):
        start_ms = BASE_MS + number * 97_000 % (2 * HOUR_MS)
        facts.append(version(media, number, 1, start_ms, None, payload={"until_ms": start_ms + 20_000}))
        facts.append(version(media, number, 2, start_ms, start_ms + (60_000 if number % 3 else 5000)))
    facts.append(version(media, 90, 1, BASE_MS - 48 * HOUR_MS, BASE_MS - 47 * HOUR_MS, labels=("unreadable",)))
    facts.append(version(media, 91, 1, BASE_MS + HOUR_MS, None, started_at=BASE_MS - HOUR_MS))
    facts.append(version(media, 5, 3, BASE_MS + 5 * 97_000, BASE_MS + 5 * 97_000 + 60_000, labels=("superseded",)))
    facts.append(lock(media, 500, BASE_MS - HOUR_MS, BASE_MS + HOUR_MS))
    facts.append(lock(media, 501, BASE_MS, BASE_MS + 12 * HOUR_MS))
    facts.append(MediaConfigured(media=media, observed_ms=BASE_MS, protect=ProtectConfig(before_ms=0, after_ms=9000)))
    facts.append(LockReleased(media=media, observed_ms=BASE_MS, lock_id=501, released_by="me"))
    return facts


def lock(media: str, number: int, start_ms: int, end_ms: int, asked_ms: int = 0, lasts_ms: int = 0) -> LockRequested:
    """A lock as a person asks for it."""
    return LockRequested(
        media=media, observed_ms=asked_ms, start_ms=start_ms, end_ms=end_ms, lock_id=number, reason="theft",
        requested_by="me", until_ms=asked_ms + lasts_ms if lasts_ms else None,
    )  # fmt: skip


def deleted(media: str) -> SegmentsDeleted:
    """The footage of the oldest mark is gone."""
    span = {"start_ms": BASE_MS - 50 * HOUR_MS, "end_ms": BASE_MS - 40 * HOUR_MS}
    return SegmentsDeleted(
        media=media, observed_ms=BASE_MS, segment_starts_ms=(), size_bytes=0, expiration_id=1, **span
    )


def expected(facts: Sequence[Fact]) -> dict[str, list[Range]]:
    """Camera → its ranges, the slow way."""
    models = {media: Model(media, OPEN_MS) for media in CAMERAS}
    for fact in facts:
        if (event := translated(fact)) is not None:
            models[fact.media].take(event)
    return {media: model.ranges() for media, model in models.items()}


def known(settings: Settings) -> dict[str, list[Range]]:
    """Camera → its ranges as the log tells them, in both ways; none amid a change, when they differ."""
    told: dict[str, list[Any]] = {media: [] for media in CAMERAS}
    for record in read_topic(settings, "protections"):
        fact = codec.decode(record.topic, record.value)
        if not isinstance(fact, LockRequested | LockReleased):
            told[fact.media].append(fact)
    found = {media: rows(facts) for media, facts in told.items()}
    return found if found == {media: assigned(facts) for media, facts in told.items()} else {}


def test_whatever_holds_is_kept_until_it_ends_though_a_worker_is_killed(stack: Settings, tmp_path: Path) -> None:
    own = stack.model_copy(
        update={"topic_prefix": f"p{secrets.token_hex(3)}.", "tick_ms": 200, "protect_open_ms": OPEN_MS}
    )
    ensure_topics(own)
    facts = [fact for media in CAMERAS for fact in history(media)]
    gone = [deleted(media) for media in CAMERAS]
    log = KafkaLog(own, "test")
    try:
        with service(own, tmp_path / "one", "protection") as victim, service(own, tmp_path / "two", "protection"):
            tell(log, facts[: len(facts) // 2])
            wait_for(lambda: sum(map(len, known(own).values())) > 10, 60)
            victim.kill()
            tell(log, facts[len(facts) // 2 :])
            wait_for(lambda: known(own) == expected(facts), 60)
            asked_ms = now_ms()
            short = lock("camera-0", 502, BASE_MS + 20 * HOUR_MS, BASE_MS + 21 * HOUR_MS, asked_ms, lasts_ms=4000)
            tell(log, [*gone, short])
            wait_for(lambda: was_listed(own, 502) and known(own) == expected([*facts, *gone]), 60)
            assert now_ms() >= asked_ms + 4000
        assert list(read_topic(own, "dead-letters")) == []
    finally:
        log.close()


def was_listed(settings: Settings, hold_id: int) -> bool:
    """True once a range was kept by this hold."""
    told = (codec.decode(record.topic, record.value) for record in read_topic(settings, "protections"))
    return any(isinstance(fact, RangeProtected) and hold_id in {one.id for one in fact.holds} for fact in told)


def tell(log: KafkaLog, facts: Sequence[Fact]) -> None:
    for fact in facts:
        log.append(fact)
    assert log.flush(120) == 0
