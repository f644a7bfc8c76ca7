"""Hypothesis strategies for every fact, derived from the types themselves: a new field is tested without a hand."""

import re
from typing import Any

from hypothesis import strategies as st
from msgspec import inspect, json

from schemas import facts, ids, topics
from schemas.codec import AnyFact
from schemas.episode import EpisodeRecord

NOW_MS = 1_700_000_000_000
names = st.sampled_from(["gate-1", "tył", "カメラ", "a", "0.b_c", "ä" * 64])
LAST_MS = 253_402_300_799_999
IDS = ("token_id", "share_id", "session_id", "action_id")
all_ids = st.integers(0, ids.MAX_ID)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
FACT_TYPES: tuple[type, ...] = tuple(topics.OF_FACT)


def any_fact() -> st.SearchStrategy[AnyFact]:
    return st.sampled_from(FACT_TYPES).flatmap(of_type)


def of_type(fact: type) -> st.SearchStrategy[Any]:
    """Legal facts of one type, each optional field there or left out."""
    shape = inspect.type_info(fact)
    assert isinstance(shape, inspect.StructType)
    made = st.fixed_dictionaries(
        {field.name: _field(field) for field in shape.fields if field.required},
        optional={field.name: _field(field) for field in shape.fields if not field.required},
    )
    return made.map(lambda given_fields: fact(**_coherent(fact, given_fields)))


def _coherent(fact: type, given: dict[str, Any]) -> dict[str, Any]:
    """The fields with what one field demands of another: spans that are not empty, key frames inside."""
    if issubclass(fact, facts.SpanFact | facts.RecordingGap | facts.SegmentScanned):
        end = given.get("end_ms")
        given["start_ms"] = min(given["start_ms"], LAST_MS - 1)
        given = given | ({"end_ms": min(given["start_ms"] + 1 + end % 10_000, LAST_MS)} if end is not None else {})
    if fact is facts.SegmentRecorded:
        first = facts.Keyframe(at_ms=given["start_ms"], byte_offset=0, size_bytes=given["size_bytes"])
        given = given | {"keyframes": (first,), "gop_bytes": (7,)}
    if fact is facts.MailReceived and not given.get("raw"):
        given = given | {"mail_key": "mails/a.eml"}
    if fact in (facts.ReprocessRequested, facts.ShareIssued):
        given = given | {"from_ms": min(given["from_ms"], LAST_MS - 1), "to_ms": LAST_MS}
    return given


def _field(field: inspect.Field) -> st.SearchStrategy[Any]:
    if field.name == "media":
        return names if isinstance(field.type, inspect.Metadata | inspect.StrType) else st.lists(names).map(tuple)
    if field.name in ("episode_id", *facts.LockReleased.id_fields, "alarm_id", "expiration_id", "settle_id", *IDS):
        return all_ids
    return _of(field.type)


def _of(kind: inspect.Type) -> st.SearchStrategy[Any]:
    match kind:
        case inspect.Metadata(extra_json_schema={"pattern": str(pattern)}):
            return st.from_regex(pattern, fullmatch=True)
        case inspect.Metadata():
            return _of(kind.type)
        case inspect.IntType():
            below = kind.lt - 1 if kind.lt is not None else kind.le
            return st.integers(kind.ge or 0, below if below is not None else ids.MAX_ID)
        case inspect.FloatType():
            return st.floats(kind.ge, kind.le, allow_nan=False, allow_infinity=False)
        case inspect.StrType(pattern=str(pattern)):
            return st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True).filter(lambda text: len(text) <= 64)
        case inspect.StrType():
            return st.text(
                st.characters(exclude_categories=("Cs",)),
                min_size=kind.min_length or 0,
                max_size=min(kind.max_length or 9, 9),
            )
        case inspect.BytesType():
            return st.binary(max_size=min(kind.max_length or 9, 9))
        case inspect.BoolType():
            return st.booleans()
        case inspect.NoneType():
            return st.none()
        case inspect.AnyType():
            return json_values
        case inspect.LiteralType():
            return st.sampled_from(kind.values)
        case inspect.UnionType():
            return st.one_of(*map(_of, kind.types))
        case inspect.VarTupleType():
            least = kind.min_length or 0
            most = min(kind.max_length or least + 3, least + 3)
            return st.lists(_of(kind.item_type), min_size=least, max_size=most).map(tuple)
        case inspect.TupleType():
            return st.tuples(*map(_of, kind.item_types))
        case inspect.DictType():
            return st.dictionaries(st.text(max_size=4), json_values, max_size=3)
        case inspect.StructType():
            return of_type(kind.cls)
    raise TypeError(f"no strategy for {kind}")


def as_json(fact: AnyFact) -> Any:
    return json.decode(json.encode(fact))


RECORD = EpisodeRecord(episode_id=1722279170848854016, media="gate-1", opened_at=NOW_MS, updated_at=NOW_MS)
SEGMENT = facts.SegmentRecorded(
    media="gate-1",
    start_ms=NOW_MS,
    end_ms=NOW_MS + 6000,
    observed_ms=NOW_MS + 6100,
    object_key=f"segments/gate-1/2023/11/14/{NOW_MS}.mp4",
    size_bytes=2_345_678,
    sha256="ab" * 32,
    video_codec="h264",
    width_px=1920,
    height_px=1080,
    frames=150,
    run_id="r1",
    init_len=800,
    codecs="avc1.640028",
    keyframes=tuple(
        facts.Keyframe(at_ms=NOW_MS + n * 2000, byte_offset=800 + n * 700_000, size_bytes=90_000) for n in range(3)
    ),
    gop_bytes=(600_000, 600_000, 600_000),
)
