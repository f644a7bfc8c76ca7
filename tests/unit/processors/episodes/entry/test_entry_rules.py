"""A record of the public topic becomes a save that every later fact has room for, or the reason why not."""

from typing import Any

import pytest

from processors.episodes.entry import rules
from processors.episodes.entry.rules import Kept, Place
from schemas import codec, ids
from schemas.episode import EpisodeRecord, Originator
from schemas.errors import BadFact
from schemas.facts import EpisodeAccepted, EpisodeRefused, EpisodeSaved
from tests.episode_facts import NOW_MS, record

PLACE = Place(3, 41, NOW_MS)


def saved(content: EpisodeRecord, kept: Kept = Kept(), value: bytes = b"") -> EpisodeSaved:  # noqa: B008 - immutable
    return rules.saved(content, value or codec.encode(content), kept, PLACE)


def test_a_save_is_known_by_where_it_stands_and_when_the_broker_took_it() -> None:
    fact = saved(record(preview="AAAA", frame_preview="BBBB"), Kept("previews/a.jpg", None, "why"))
    assert (fact.save_id, fact.observed_ms) == (ids.derived("episodes", 3, 41, NOW_MS), NOW_MS)
    assert (fact.src_partition, fact.src_offset) == (3, 41)
    assert (fact.preview_key, fact.frame_preview_key, fact.preview_dropped) == ("previews/a.jpg", None, "why")
    assert (fact.record.preview, fact.record.frame_preview) == (None, None)


def nested(depth: int) -> Any:
    value: Any = 1
    for level in range(depth):
        value = [value, 2] if level % 2 else {"a": value, "b": 2}
    return value


@pytest.mark.parametrize("field", ["payload", "detections"])
def test_only_what_nests_beyond_reason_is_too_deep(field: str) -> None:
    def with_depth(depth: int) -> Any:
        return {"a": nested(depth - 1)} if field == "payload" else (nested(depth - 1),)

    saved(record(**{field: with_depth(rules.MAX_DEPTH)}))
    with pytest.raises(BadFact, match="deeper than 100"):
        saved(record(**{field: with_depth(rules.MAX_DEPTH + 1)}))


def test_the_largest_save_leaves_room_for_what_is_told_of_it() -> None:
    largest = record(payload={"a": "x" * (rules.MAX_SAVED_BYTES - 8000)}, title="ż" * 300)
    fact = saved(largest, Kept("k" * 1024, "k" * 1024, "d" * 4096))
    told = {"media": fact.media, "observed_ms": NOW_MS, "episode_id": ids.MAX_ID, "save_id": fact.save_id,
            "record": fact.record, "preview_key": "k" * 1024, "frame_preview_key": "k" * 1024,
            "preview_dropped": "d" * 4096}  # fmt: skip
    codec.encode(EpisodeAccepted(**told, rev=1 << 40))
    codec.encode(EpisodeRefused(**told, reason="closed_before_opened", detail="d" * 4096))


def test_a_save_that_grows_when_it_is_written_anew_is_measured_as_it_is_then() -> None:
    grows = record(payload={"a": [1e15] * 500_000})
    with pytest.raises(BadFact, match="more than"):
        saved(grows, value=b"1e15," * 500_000)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [({}, False), ({"originator": Originator(source="alarm")}, True), ({"originator": Originator()}, False),
     ({"originator": Originator(source="motion_detector"), "closed_at": NOW_MS}, False)],
    ids=["nobody's", "ours", "a stranger's", "ours and closed"],
)  # fmt: skip
def test_only_open_episodes_of_our_own_may_fall_silent(fields: dict[str, Any], expected: bool) -> None:
    assert rules.may_fall_silent(record(**fields)) is expected
