"""Facts about what goes, for tests: short to write, and right by the schemas."""

import random
from typing import Any

from schemas import ids
from schemas.codec import AnyFact
from schemas.facts import (
    DeletionOrdered,
    RangeExpired,
    RangeRestored,
    RestoreRequested,
    StorageExhausted,
    StorageMeasured,
)
from tests.footage_facts import START_MS

GRACE_MS = 600_000
SEGMENT_MS = 6000


def expired(media: str = "gate", start_ms: int = START_MS, length_ms: int = 300_000, **fields: Any) -> RangeExpired:
    told = {
        "expiration_id": ids.derived("expiration", media, start_ms), "observed_ms": start_ms + 21_600_000,
        "reason": "depth", "policy_version": "r1-0badcafe", "size_bytes": length_ms * 100,
        "segments": length_ms // SEGMENT_MS, "detail": "older than depth 6 h",
    } | fields  # fmt: skip
    told = {"delete_after_ms": told["observed_ms"] + GRACE_MS} | told
    return RangeExpired(media=media, start_ms=start_ms, end_ms=start_ms + length_ms, **told)


def requested(of: RangeExpired, after_ms: int = 1000, by: str = "anna") -> RestoreRequested:
    return RestoreRequested(
        media=of.media, observed_ms=of.observed_ms + after_ms, expiration_id=of.expiration_id, requested_by=by
    )


def restored(of: RangeExpired, after_ms: int = 2000, by: str = "anna") -> RangeRestored:
    return RangeRestored(
        media=of.media, observed_ms=of.observed_ms + after_ms, start_ms=of.start_ms, end_ms=of.end_ms,
        expiration_id=of.expiration_id, restored_by=by,
    )  # fmt: skip


def ordered(of: RangeExpired, after_ms: int = GRACE_MS, policy: str = "r1-0badcafe") -> DeletionOrdered:
    return DeletionOrdered(
        media=of.media, observed_ms=of.observed_ms + after_ms, start_ms=of.start_ms, end_ms=of.end_ms,
        expiration_id=of.expiration_id, segment_starts_ms=tuple(range(of.start_ms, of.end_ms, SEGMENT_MS)),
        size_bytes=of.size_bytes, policy_version=policy,
    )  # fmt: skip


def measured(
    used: int = 500, observed_ms: int = START_MS, store: str = "disk", capacity: int = 1000
) -> StorageMeasured:
    return StorageMeasured(store=store, observed_ms=observed_ms, used_bytes=used, capacity_bytes=capacity)


def exhausted(observed_ms: int = START_MS, is_over: bool = False, **fields: Any) -> StorageExhausted:
    told = {"store": "disk", "used_bytes": 950, "capacity_bytes": 1000, "locked_bytes": 900} | fields
    return StorageExhausted(observed_ms=observed_ms, is_over=is_over, **told)


def history(count: int, seed: int = 1, cameras: int = 3) -> list[AnyFact]:
    """A life of a few cameras: footage that goes, is asked back, given back or ordered away; some is told twice."""
    chance = random.Random(seed)
    facts: list[AnyFact] = []
    waiting: list[RangeExpired] = []
    while len(facts) < count:
        media = f"cam{chance.randrange(cameras)}"
        if chance.random() < 0.5 or len(waiting) < 8:
            start_ms = START_MS + len(facts) * 300_000
            waiting.append(expired(media, start_ms, reason=chance.choice(("depth", "keep", "room"))))
            facts.append(waiting[-1])
            continue
        one = waiting.pop(chance.randrange(len(waiting)))
        said = chance.choice(([requested(one), restored(one)], [ordered(one)], [restored(one, by="protection")]))
        facts += said * chance.choice((1, 1, 2))
        facts += [one] if chance.random() < 0.2 else []
    return facts[:count]
