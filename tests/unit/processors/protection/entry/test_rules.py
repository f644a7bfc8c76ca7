"""What records of other topics say of holds."""

from typing import Any

import pytest

from processors.protection.entry import rules
from schemas import codec, topics
from schemas.episode import EpisodeRecord, Originator
from schemas.facts import (
    EpisodeAccepted,
    EpisodeRefused,
    Fact,
    FootageDeleted,
    HoldPlaced,
    LockReleased,
    LockRequested,
    MediaConfigured,
    MediaRemoved,
    ProtectionConfigured,
    RangeReleased,
    RecordingGap,
    SegmentsDeleted,
)
from schemas.protection import Hold, ProtectConfig

AT_MS = 1_700_000_000_000


def accepted(**more: Any) -> EpisodeAccepted:
    record = EpisodeRecord(episode_id="7", media="gate", opened_at=AT_MS, updated_at=AT_MS + 9, **more)
    return EpisodeAccepted(media="gate", observed_ms=AT_MS, episode_id=7, rev=3, save_id=1, record=record)


def hold(fact: Fact) -> HoldPlaced:
    found = rules.translated(fact)
    assert isinstance(found, HoldPlaced)
    return found


@pytest.mark.parametrize(
    ("more", "start_ms", "end_ms"),
    [
        ({}, AT_MS, None),
        ({"closed_at": AT_MS + 5}, AT_MS, AT_MS + 5),
        ({"started_at": AT_MS - 4, "closed_at": AT_MS}, AT_MS - 4, AT_MS),
        ({"payload": {"until_ms": AT_MS + 40}}, AT_MS, AT_MS + 40),
        ({"payload": {"until_ms": AT_MS + 40}, "closed_at": AT_MS + 5}, AT_MS, AT_MS + 5),
        ({"payload": {"until_ms": "soon"}}, AT_MS, None),
    ],
    ids=["open", "closed", "begun before", "mark", "mark closed", "mark of nothing"],
)
def test_an_episode_holds_from_its_start_to_its_end(more: dict[str, Any], start_ms: int, end_ms: int | None) -> None:
    found = hold(accepted(**more))
    assert (found.start_ms, found.end_ms, found.opened_ms, found.heard_ms) == (start_ms, end_ms, AT_MS, AT_MS + 9)
    assert (found.hold, found.rev, found.is_void) == (Hold(kind="episode", id=7), 3, False)


@pytest.mark.parametrize("more", [{"labels": ("night", "superseded")}, {"payload": {"superseded_by": "r1"}}])
def test_an_episode_that_a_run_replaced_holds_nothing(more: dict[str, Any]) -> None:
    assert hold(accepted(**more)).is_void


def test_footage_that_could_not_be_read_holds_like_motion() -> None:
    found = hold(accepted(labels=("unreadable",), originator=Originator(source="motion_detector")))
    assert (found.is_void, found.source) == (False, "motion_detector")


def test_a_lock_holds_until_it_is_given_back() -> None:
    asked = LockRequested(
        media="gate",
        observed_ms=AT_MS,
        start_ms=1,
        end_ms=2,
        lock_id=8,
        reason="",
        requested_by="me",
        until_ms=AT_MS + 5,
    )
    found = hold(asked)
    assert (found.hold, found.start_ms, found.end_ms, found.heard_ms, found.until_ms) == (
        Hold(kind="lock", id=8), 1, 2, AT_MS, AT_MS + 5,
    )  # fmt: skip
    over = hold(LockReleased(media="gate", observed_ms=AT_MS, lock_id=8, released_by="me"))
    assert (over.hold.id, over.is_void, over.rev > found.rev) == (8, True, True)


def test_settings_and_deletions_are_told_and_the_rest_is_not() -> None:
    protect = ProtectConfig(types=("face",))
    configured = rules.translated(MediaConfigured(media="gate", observed_ms=1, protect=protect))
    assert configured == ProtectionConfigured(media="gate", observed_ms=1, protect=protect)
    gone = SegmentsDeleted(
        media="gate", observed_ms=9, start_ms=2, end_ms=8, segment_starts_ms=(2,), size_bytes=1, expiration_id=1
    )
    assert rules.translated(gone) == FootageDeleted(media="gate", observed_ms=9, start_ms=2, end_ms=8)
    for fact in (
        MediaRemoved(media="gate", observed_ms=1),
        RangeReleased(media="gate", observed_ms=1, start_ms=1, end_ms=2),
    ):
        assert rules.translated(fact) is None


def test_whatever_is_translated_is_told_from_the_rest_by_its_bytes() -> None:
    record = accepted().record
    gone = {"segment_starts_ms": (), "size_bytes": 1, "expiration_id": 1}
    speaking = [
        accepted(), MediaConfigured(media="gate", observed_ms=1),
        LockReleased(media="gate", observed_ms=1, lock_id=8, released_by="me"),
        SegmentsDeleted(media="gate", observed_ms=9, start_ms=2, end_ms=8, **gone),
    ]  # fmt: skip
    silent = [
        EpisodeRefused(media="gate", observed_ms=1, episode_id=7, save_id=1, reason="stale", record=record),
        MediaRemoved(media="gate", observed_ms=1), RangeReleased(media="gate", observed_ms=1, start_ms=1, end_ms=2),
        RecordingGap(media="gate", observed_ms=1, start_ms=1, end_ms=2, reason="source_lost"),
    ]  # fmt: skip
    for facts, expected in ((speaking, True), (silent, False)):
        for fact in facts:
            assert rules.may_speak(topics.OF_FACT[type(fact)].name, codec.encode(fact)) is expected
