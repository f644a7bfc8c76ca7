"""Orders to delete, and footage they name, for tests: short to write, and right by the schemas."""

from collections.abc import Sequence

from schemas.facts import DeletionOrdered
from schemas.media import segment_key
from tests.footage_facts import START_MS

SIZE = 1000
ORDERED_MS = START_MS + 7 * 3_600_000


def order(
    starts: Sequence[int], media: str = "cam1", expiration_id: int = 7, observed_ms: int = ORDERED_MS
) -> DeletionOrdered:
    return DeletionOrdered(
        media=media, observed_ms=observed_ms, start_ms=min(starts), end_ms=max(starts) + 6000,
        expiration_id=expiration_id, segment_starts_ms=tuple(starts), size_bytes=SIZE * len(starts),
        policy_version="r1-00000000",
    )  # fmt: skip


def run_of(count: int, start_ms: int = START_MS, step_ms: int = 6000) -> list[int]:
    """Starts of segments, one after the other."""
    return [start_ms + step_ms * number for number in range(count)]


def key_of(start_ms: int, media: str = "cam1") -> str:
    return segment_key(media, start_ms)
