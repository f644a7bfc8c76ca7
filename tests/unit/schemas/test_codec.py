"""The codec: what goes in comes out, and whatever else comes in is a BadFact."""

import contextlib
import inspect
import re
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from schemas import checksums, codec, facts, topics
from schemas.codec import AnyFact
from schemas.episode import EpisodeRecord
from schemas.errors import MAX_REASON, BadFact
from tests.unit.schemas.strategies import FACT_TYPES, NOW_MS, RECORD, SEGMENT, any_fact, as_json, json_values

EPISODE: dict[str, Any] = {"episode_id": 5, "media": "gate-1", "opened_at": NOW_MS, "updated_at": NOW_MS}


def raw(**changes: Any) -> bytes:
    """The JSON of a good segment with some fields changed; None as text ``absent`` leaves one out."""
    fields = as_json(SEGMENT) | changes
    return msgspec.json.encode({name: value for name, value in fields.items() if value != "absent"})


@given(any_fact())
def test_every_fact_comes_back_as_it_went_in(fact: AnyFact) -> None:
    assert codec.decode(topics.OF_FACT[type(fact)].name, codec.encode(fact)) == fact


@pytest.mark.parametrize("fact", FACT_TYPES, ids=lambda fact: fact.__name__)
def test_every_fact_has_a_topic_a_key_and_an_identity_made_of_its_fields(fact: type) -> None:
    made_of_fields = {name for name, value in inspect.getmembers(fact) if isinstance(value, property)}
    names = set(fact.__struct_fields__) | made_of_fields  # type: ignore[attr-defined]
    assert getattr(fact, "keyed_by", topics.OF_FACT[fact].key) in names
    if fact is not EpisodeRecord:
        assert set(fact.identity) <= names  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        pytest.param(None, "no value", id="tombstone"),
        pytest.param(b"", "no value", id="empty"),
        pytest.param(b" " * (codec.MAX_BYTES + 1), "more than", id="oversize"),
        pytest.param(b"{", "truncated", id="broken JSON"),
        pytest.param(b"\xff\xfe", "malformed", id="not UTF-8"),
        pytest.param(b"[]", "Expected `object`", id="not an object"),
        pytest.param(b"[" * 100_000, "recursion", id="nested too deep"),
        pytest.param(raw(type="absent"), "missing required field `type`", id="no type"),
        pytest.param(raw(type=""), "type", id="empty type"),
        pytest.param(raw(type="segment-dreamt"), "segment-dreamt", id="unknown type"),
        pytest.param(raw(type="media-removed"), "media-removed", id="type of another topic"),
        pytest.param(raw(v=2), re.escape("$.v"), id="version of the future"),
        pytest.param(raw(media="absent"), "media", id="field missing"),
        pytest.param(raw(media="../x"), "must start with a letter or digit", id="media is a path"),
        pytest.param(raw(start_ms=-1), "start_ms", id="before 1970"),
        pytest.param(raw(start_ms=float(NOW_MS) + 0.5), "start_ms", id="time with a fraction"),
        pytest.param(raw(start_ms=str(NOW_MS)), "start_ms", id="time as text"),
        pytest.param(raw(end_ms=NOW_MS), "must be after start_ms", id="empty span"),
        pytest.param(raw(end_ms=253_402_300_800_000), "end_ms", id="year 10000"),
        pytest.param(raw(sha256="AB" * 32), "sha256", id="upper-case hash"),
        pytest.param(raw(sha256="ab" * 31), "sha256", id="hash too short"),
        pytest.param(raw(sha256="ab" * 32 + "\n"), "sha256", id="hash with a line end"),
        pytest.param(raw(sha256="٣" * 64), "sha256", id="hash of other digits"),
        pytest.param(raw(gop_bytes=[1, 2]), "2 entries for 3 key frames", id="a GOP without key frame"),
        pytest.param(raw(size_bytes=900_000), "ends behind the object", id="key frame outside the object"),
        pytest.param(raw(start_ms=NOW_MS + 1), "before the segment", id="key frame before the start"),
    ],
)
def test_a_segment_that_cannot_be_used_is_a_bad_fact_with_the_reason(value: bytes | None, reason: str) -> None:
    with pytest.raises(BadFact, match=reason):
        codec.decode("segments", value)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"episode_id": 1.0}, "got `float`", id="id as float"),
        pytest.param({"episode_id": True}, "got `bool`", id="id as bool"),
        pytest.param({"episode_id": 2**64}, "episode_id must be between", id="id of 65 bits"),
        pytest.param({"episode_id": "1e3"}, "episode_id", id="id in scientific notation"),
        pytest.param({"opened_at": NOW_MS // 1000}, "opened_at", id="seconds instead of ms"),
        pytest.param({"opened_at": NOW_MS * 1000}, "opened_at", id="microseconds instead of ms"),
        pytest.param({"episode_type": "x" * 21}, "episode_type", id="type too long"),
        pytest.param({"score": 1.01}, "score", id="score above one"),
        pytest.param({"payload": []}, "payload", id="payload is not an object"),
        pytest.param({"originator": {"source": "psychic"}}, "originator.source", id="unknown source"),
    ],
)
def test_an_episode_record_that_cannot_be_used_names_its_field(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadFact, match=reason):
        codec.decode("episodes", msgspec.json.encode(EPISODE | changes))


@given(st.sampled_from([topic.name for topic in topics.ALL]), st.binary(max_size=300))
def test_arbitrary_bytes_never_raise_anything_but_bad_fact(topic: str, value: bytes) -> None:
    with pytest.raises(BadFact):
        codec.decode(topic, value)


@given(any_fact(), st.data())
def test_a_fact_with_one_field_replaced_decodes_or_is_a_bad_fact(fact: AnyFact, data: st.DataObject) -> None:
    fields = as_json(fact)
    fields[data.draw(st.sampled_from(sorted(fields)))] = data.draw(json_values)
    with contextlib.suppress(BadFact):
        codec.decode(topics.OF_FACT[type(fact)].name, msgspec.json.encode(fields))


def test_a_reason_that_quotes_a_huge_value_is_cut_so_that_a_dead_letter_holds_it() -> None:
    with pytest.raises(BadFact) as caught:
        codec.decode("segments", raw(type="x" * 500_000))
    assert len(str(caught.value)) == len(caught.value.reason) == MAX_REASON


def test_a_topic_outside_the_registry_is_a_bad_fact() -> None:
    with pytest.raises(BadFact, match="not in the registry"):
        codec.decode("rumours", b"{}")


def test_unknown_fields_of_our_facts_are_ignored_so_that_old_readers_survive_new_writers() -> None:
    assert codec.decode("segments", raw(wall_colour="green")) == SEGMENT


def test_unknown_fields_of_an_episode_are_kept_in_its_payload() -> None:
    value = msgspec.json.encode(EPISODE | {"heading": 270, "vendor": {"a": [1]}, "payload": {"speed": 3}})
    assert codec.decode("episodes", value).payload == {"speed": 3, "_extra": {"heading": 270, "vendor": {"a": [1]}}}


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        pytest.param(None, {"_extra": {"new": 1}}, id="no payload"),
        pytest.param({"_extra": {"old": 0}}, {"_extra": {"old": 0, "new": 1}}, id="beside what is there"),
        pytest.param({"_extra": "text"}, {"_extra": {"new": 1}}, id="over what is no object"),
    ],
)
def test_unknown_fields_join_an_extra_that_is_already_there(payload: Any, expected: dict[str, Any]) -> None:
    value = msgspec.json.encode(EPISODE | {"payload": payload, "new": 1})
    assert codec.decode("episodes", value).payload == expected


def test_keeping_unknown_fields_twice_changes_nothing_more() -> None:
    once = codec.decode("episodes", msgspec.json.encode(EPISODE | {"new": 1}))
    assert codec.decode("episodes", codec.encode(once)) == once


def test_an_id_given_as_text_is_an_integer_from_then_on() -> None:
    record = codec.decode("episodes", msgspec.json.encode(EPISODE | {"episode_id": "18446744073709551615"}))
    assert record.episode_id == 2**64 - 1
    assert b'"episode_id":18446744073709551615' in codec.encode(record)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(structs.replace(SEGMENT, size_bytes=SEGMENT.size_bytes, frames=-1), id="below its bound"),
        pytest.param(structs.replace(SEGMENT, observed_ms=1.5), id="a float time"),
        pytest.param(structs.replace(SEGMENT, container="avi"), id="a word outside the list"),
        pytest.param(structs.replace(RECORD, score=float("inf"), title=object()), id="not JSON at all"),
    ],
)
def test_a_fact_that_no_reader_could_decode_is_refused_before_it_is_written(broken: AnyFact) -> None:
    with pytest.raises(BadFact):
        codec.encode(broken)


def test_the_key_is_the_media_or_what_the_topic_names() -> None:
    measured = facts.StorageMeasured(store="s3", observed_ms=1, used_bytes=1, capacity_bytes=2)
    assert codec.key(structs.replace(SEGMENT, media="tył")) == "tył".encode()
    assert codec.key(measured) == b"s3"


def test_the_same_fact_told_again_has_the_same_id_and_another_fact_another() -> None:
    again = structs.replace(SEGMENT, observed_ms=SEGMENT.observed_ms + 1)
    assert codec.fact_id(again) == codec.fact_id(SEGMENT)
    assert codec.fact_id(structs.replace(SEGMENT, media="gate-2")) != codec.fact_id(SEGMENT)
    assert re.fullmatch("[0-9a-f]{16}", codec.fact_id(RECORD))


def test_the_opening_and_the_closing_of_a_gap_are_two_facts() -> None:
    still = facts.RecordingGap(media="a", observed_ms=1, start_ms=1, reason="source_lost")
    assert codec.fact_id(still) != codec.fact_id(structs.replace(still, end_ms=9))


@given(
    st.one_of(
        st.text(), st.text("0123456789abcdefABCDEF \n", min_size=62, max_size=66), st.from_regex("^[0-9a-f]{64}$")
    )
)
def test_a_checksum_is_exactly_what_its_published_pattern_says(text: str) -> None:
    assert checksums.is_sha256(text) == bool(re.fullmatch("[0-9a-f]{64}", text))


def test_a_default_that_was_said_is_written_like_one_that_was_not() -> None:
    unsaid = codec.encode(RECORD)
    said = unsaid[:-1] + b',"episode_type":"generic","title":null}'
    assert codec.encode(codec.decode("episodes", said)) == unsaid
