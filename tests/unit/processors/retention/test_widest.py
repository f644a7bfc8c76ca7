"""The longest and the largest that a fact may say of a camera stop no rule."""

from itertools import product

import pytest

from schemas.fact import LAST_MS, MOST
from schemas.facts import RangeExpired
from tests.retention_facts import CAPACITY, SEGMENT_MS, START_MS, Archive
from tests.retention_folded import folded
from tests.retention_words import Rules

RULES = Rules(grace_ms=1000, settle_ms=1000, batch_ms=0, high=0.9, low=0.85)
POLICIES = list(product((0, LAST_MS), (None, 0, LAST_MS), (None, 0, MOST)))


@pytest.mark.parametrize(("depth_ms", "keep_ms", "quota_bytes"), POLICIES)
@pytest.mark.parametrize("kinds", [(), ("episode",)])
def test_a_camera_with_the_widest_policy_is_judged_and_gives_room(
    depth_ms: int, keep_ms: int | None, quota_bytes: int | None, kinds: tuple[str, ...]
) -> None:
    archive, fold = Archive(), folded(RULES)
    fold.tell(archive.level(), archive.policy("gate", depth_ms, keep_ms, quota_bytes))
    fold.tell(*(archive.stored("gate", START_MS + number * SEGMENT_MS) for number in range(5)))
    if kinds:
        fold.tell(archive.noted("gate", START_MS, START_MS + 5 * SEGMENT_MS, *kinds))
    told = [*fold.tell(archive.level(after_ms=60_000)), *fold.tell(*archive.settling(), archive.level())]
    told += [*fold.tell(archive.level(CAPACITY)), *fold.tell(*archive.settling(), archive.level(CAPACITY))]
    assert any(isinstance(one, RangeExpired) for one in told)
