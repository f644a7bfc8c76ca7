"""What a record of another topic means to retention."""

from typing import Any

import msgspec
import pytest

from processors.retention.entry.translate import SOURCES, translate
from schemas import codec, topics
from schemas.codec import AnyFact
from schemas.errors import BadFact
from schemas.fact import LAST_MS, MOST
from schemas.facts import (
    DeletionOrdered,
    FootageRemoved,
    FootageStored,
    LevelNoted,
    LockReleased,
    LockRequested,
    MediaRemoved,
    PolicyNoted,
    ProtectionNoted,
    RangeExpired,
    RangeRestored,
    RecordingGap,
    RestoreNoted,
    StorageExhausted,
)
from tests.retention_feed import NOW_MS, configured, deleted, measured, protected, released, restore, segment


def meaning(fact: AnyFact) -> Any:
    return translate(topics.OF_FACT[type(fact)].name, 3, 41, codec.encode(fact))


def test_a_segment_becomes_footage_with_the_time_of_its_fact_and_its_place() -> None:
    assert meaning(segment("yard", 0, 777)) == FootageStored(
        media="yard", observed_ms=NOW_MS + 6500, start_ms=NOW_MS, end_ms=NOW_MS + 6000, size_bytes=777,
        src_partition=3, src_offset=41,
    )  # fmt: skip


def test_deleted_segments_become_footage_removed() -> None:
    found = meaning(deleted("yard", 2, 3))
    assert isinstance(found, FootageRemoved)
    assert found.segment_starts_ms == (NOW_MS + 12_000, NOW_MS + 18_000)
    assert (found.src_partition, found.src_offset) == (3, 41)


def test_a_protected_range_names_each_kind_of_hold_once_and_a_released_one_none() -> None:
    found = meaning(protected("yard", 1, "lock", "episode", "episode"))
    assert isinstance(found, ProtectionNoted)
    assert (found.start_ms, found.end_ms, found.kinds) == (NOW_MS + 6000, NOW_MS + 12_000, ("episode", "lock"))
    assert meaning(released("yard", 1)).kinds == ()


def test_a_range_held_for_a_reason_that_only_a_newer_version_knows_counts_as_locked() -> None:
    raw = msgspec.json.decode(codec.encode(protected("yard", 1)))
    raw["holds"].append({"kind": "court-order", "id": 9})
    found = translate("protections", 0, 0, msgspec.json.encode(raw))
    assert isinstance(found, ProtectionNoted)
    assert found.kinds == ("episode", "lock")


def test_how_a_camera_is_kept_a_wish_to_restore_and_a_measurement_are_noted() -> None:
    policy = meaning(configured("yard", 1234))
    assert isinstance(policy, PolicyNoted)
    assert (policy.depth_ms, policy.keep_ms, policy.quota_bytes, policy.observed_ms) == (1234, None, None, NOW_MS)
    wish = meaning(restore("yard", 8))
    assert isinstance(wish, RestoreNoted)
    assert (wish.expiration_id, wish.requested_by) == (8, "anna")
    level = meaning(measured(70, 9))
    assert isinstance(level, LevelNoted)
    assert (level.used_bytes, level.capacity_bytes, level.boot_id, level.uptime_ms) == (9, 100, "boot", 70)
    assert (level.observed_ms, level.src_partition, level.src_offset) == (NOW_MS + 70, 3, 41)


_SPAN: dict[str, Any] = {"media": "yard", "observed_ms": 5, "start_ms": 1, "end_ms": 2}
SILENT: list[AnyFact] = [
    RecordingGap(media="yard", observed_ms=5, start_ms=1, reason="source_lost"),
    LockRequested(**_SPAN, lock_id=1, reason="theft", requested_by="anna"),
    LockReleased(media="yard", observed_ms=5, lock_id=1, released_by="anna"),
    MediaRemoved(media="yard", observed_ms=5),
    RangeExpired(**_SPAN, expiration_id=1, reason="depth", policy_version="r1", delete_after_ms=9),
    RangeRestored(**_SPAN, expiration_id=1, restored_by="anna"),
    DeletionOrdered(**_SPAN, expiration_id=1, segment_starts_ms=(1,), size_bytes=1, policy_version="r1"),
    StorageExhausted(store="s", observed_ms=5, used_bytes=1, capacity_bytes=1),
]


@pytest.mark.parametrize("fact", SILENT, ids=lambda fact: type(fact).__name__)
def test_what_retention_need_not_know_is_passed_over(fact: AnyFact) -> None:
    assert meaning(fact) is None
    spaced = msgspec.json.format(codec.encode(fact), indent=1)
    assert translate(topics.OF_FACT[type(fact)].name, 0, 0, spaced) is None


def test_every_fact_of_the_five_topics_is_told_or_passed_over_on_purpose() -> None:
    told = {type(f) for f in (segment("a", 0), deleted("a", 0), protected("a", 0), released("a", 0), configured("a"),
                              restore("a", 1), measured(1))}  # fmt: skip
    assert {fact for topic in SOURCES for fact in topic.facts} == told | {type(fact) for fact in SILENT}


@pytest.mark.parametrize("topic", [topic.name for topic in SOURCES])
@pytest.mark.parametrize("value", [None, b"", b"\xff", b"{}", b"[" * 10_000, b'{"type":"range-protected","holds":[]}'])
def test_what_is_no_fact_is_refused_with_the_reason(topic: str, value: bytes | None) -> None:
    with pytest.raises(BadFact) as refused:
        translate(topic, 0, 0, value)
    assert refused.value.reason


TOO_MUCH = [
    (configured("yard"), "depth_ms", LAST_MS + 1), (configured("yard"), "depth_ms", 1 << 63),
    (configured("yard"), "keep_ms", MOST), (configured("yard"), "quota_bytes", MOST + 1),
    (segment("yard", 0), "size_bytes", MOST + 1), (measured(1), "uptime_ms", MOST),
    (measured(1), "used_bytes", MOST + 1), (measured(1), "capacity_bytes", 10**400),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "field", "value"), TOO_MUCH)
def test_a_number_that_no_rule_can_reckon_with_is_refused_with_the_reason(fact: Any, field: str, value: int) -> None:
    topic = topics.OF_FACT[type(fact)].name
    raw = msgspec.json.decode(codec.encode(fact)) | {field: value}
    with pytest.raises(BadFact, match=f"Expected `int` <= .*{field}"):
        translate(topic, 0, 0, msgspec.json.encode(raw))


def test_a_policy_that_was_translated_before_there_were_bounds_is_refused_as_well() -> None:
    raw = msgspec.json.decode(codec.encode(meaning(configured("yard")))) | {"depth_ms": 1 << 63}
    with pytest.raises(BadFact, match="depth_ms"):
        codec.decode(topics.RETENTION_INPUTS.name, msgspec.json.encode(raw))
