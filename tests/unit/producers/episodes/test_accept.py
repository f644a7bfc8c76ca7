"""Which bodies are episodes, and what is said of those that are not."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.episodes.accept import MAX_BYTES, MAX_DEPTH, RULES, NotAnEpisode, TooLarge, accept
from schemas import codec, episode
from tests.unit.producers.episodes.saves import PLAIN, body, with_raw

TORTURE = [0, 1, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1]


def faults(content: bytes, path_id: str | None = None) -> dict[str, str]:
    """Field → rule."""
    with pytest.raises(NotAnEpisode) as refused:
        accept(content, path_id)
    return {each.field: each.rule for each in refused.value.wrong}


@pytest.mark.parametrize("number", TORTURE)
def test_an_id_comes_through_digit_for_digit_however_it_is_written(number: int) -> None:
    assert accept(body(episode_id=number)).episode_id == number
    assert accept(body(episode_id=str(number))).episode_id == number
    assert accept(body(episode_id=None), str(number)).episode_id == number
    assert accept(body(episode_id=str(number)), str(number)).episode_id == number


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        pytest.param("episode_id", b"1.0", id="id as a float"),
        pytest.param("episode_id", b"1e3", id="id in powers of ten"),
        pytest.param("episode_id", b"-1", id="negative id"),
        pytest.param("episode_id", b"18446744073709551616", id="id one too large"),
        pytest.param("episode_id", b'"18446744073709551616"', id="id as text, one too large"),
        pytest.param("episode_id", b'"0x10"', id="id as other text"),
        pytest.param("episode_id", '"٣"'.encode(), id="id in digits of another script"),
        pytest.param("episode_id", b"true", id="id as truth"),
        pytest.param("episode_id", b"null", id="id as null"),
        pytest.param("media", b'""', id="empty media"),
        pytest.param("media", b'"../../etc/passwd"', id="media as a path"),
        pytest.param("media", b'"a\\u0000b"', id="media with NUL"),
        pytest.param("media", b'"ty\\u006c\\u0301"', id="media with a mark apart from its letter"),
        pytest.param("media", b"7", id="media as a number"),
        pytest.param("media", b'"' + b"x" * 129 + b'"', id="media too long"),
        pytest.param("opened_at", b"1699458327", id="time in seconds"),
        pytest.param("opened_at", b"10000000000000", id="time one too large"),
        pytest.param("opened_at", b'"2026-01-01T00:00:00Z"', id="time as text"),
        pytest.param("updated_at", b"1699458327000.5", id="time as a float"),
        pytest.param("closed_at", b"-1", id="negative time"),
        pytest.param("closed_at", b"1699458326999", id="closed before opened"),
        pytest.param("started_at", b"1", id="start in 1970"),
        pytest.param("preview_timestamp", b"[]", id="time as an array"),
        pytest.param("episode_type", b'""', id="empty type"),
        pytest.param("episode_type", b'"' + b"x" * 21 + b'"', id="type too long"),
        pytest.param("title", b'"' + b"x" * 1025 + b'"', id="title too long"),
        pytest.param("title", b'"\\ud800"', id="half a surrogate pair"),
        pytest.param("payload", b"[]", id="payload as an array"),
        pytest.param("payload", b'{"a": NaN}', id="NaN in the payload"),
        pytest.param("payload", b'{"a": 1e999}', id="number out of range in the payload"),
        pytest.param("payload", b'{"a": %s}' % (b"9" * 5000), id="integer of 5000 digits"),
        pytest.param("detections", b"{}", id="detections as an object"),
        pytest.param("labels[1]", b"", id="label as a number"),
        pytest.param("score", b"1.01", id="score above 1"),
        pytest.param("score", b"NaN", id="score not a number"),
        pytest.param("score", b"-Infinity", id="score infinite"),
        pytest.param("score", b'"0.5"', id="score as text"),
        pytest.param("match_score", b"1e999", id="match score out of range"),
        pytest.param("preview", b"7", id="preview as a number"),
        pytest.param("originator", b'"api"', id="originator as text"),
        pytest.param("originator.source", b"", id="unknown source"),
        pytest.param("license_plate_text", b'"' + b"x" * 65 + b'"', id="plate too long"),
    ],
)
def test_a_field_that_breaks_its_rule_is_named_with_the_rule(name: str, raw: bytes) -> None:
    parts = {"labels[1]": ("labels", b'["a", 1]'), "originator.source": ("originator", b'{"source": "nobody"}')}
    found = faults(with_raw(*parts.get(name, (name, raw))))
    assert list(found) == [name]
    assert len(found[name]) > 10


@pytest.mark.parametrize("name", ["episode_id", "media", "opened_at", "updated_at"])
def test_a_required_field_left_out_is_named(name: str) -> None:
    assert faults(body(**{name: None}))[name].startswith("is missing")


def test_every_wrong_field_is_told_at_once() -> None:
    found = faults(body(media="-", opened_at="now", score=7, title=5, updated_at=None))
    assert set(found) == {"media", "opened_at", "score", "title", "updated_at"}


def test_every_field_has_a_rule_in_words() -> None:
    assert RULES.keys() >= episode.FIELDS


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "is empty", id="nothing"),
        pytest.param(b" \n", "is empty", id="blanks"),
        pytest.param(b"[]", "must be a JSON object", id="array"),
        pytest.param(b"null", "must be a JSON object", id="null"),
        pytest.param(b"opened_at=1", "is not JSON", id="form"),
        pytest.param(body()[:-1], "is not JSON", id="cut short"),
        pytest.param(body() + b"{}", "is not JSON", id="two"),
        pytest.param(body().decode().encode("utf-16"), "is not JSON", id="UTF-16"),
        pytest.param(with_raw("x", b"[" * 5000 + b"]" * 5000), "must not nest", id="nested 5000 deep"),
    ],
)
def test_a_body_that_is_no_object_is_refused_as_a_whole(content: bytes, said: str) -> None:
    assert faults(content)["body"].startswith(said)


def test_an_id_in_the_path_must_be_one_and_agree_with_the_body() -> None:
    for path_id in ("", "x", "-1", "1.0", "18446744073709551616", "9" * 5000, "٣"):
        assert list(faults(body(), path_id)) == ["episode_id"]
    assert "1722279170848854016 in the body and 7 in the path" in faults(body(), "7")["episode_id"]


def test_a_byte_order_mark_is_no_reason_to_refuse() -> None:
    assert accept(b"\xef\xbb\xbf" + body()).media == "gate-1"


def test_a_name_given_twice_counts_once_the_last_time() -> None:
    assert accept(b'{"media": "other", ' + body()[1:]).media == "gate-1"


@pytest.mark.parametrize("name", ["payload", "detections", "something"])
def test_nesting_has_a_limit_that_is_told_by_field(name: str) -> None:
    def nested(levels: int) -> Any:
        value: Any = []
        for level in range(levels - 1):
            value = {"in": value} if level % 2 or level == levels - 2 else [value]
        return [value] if name == "detections" else value

    accept(body(**{name: nested(MAX_DEPTH - 1)}))
    assert list(faults(body(**{name: nested(MAX_DEPTH + 1)}))) == [name]


def test_brackets_inside_text_are_not_nesting() -> None:
    text = '[{"\\' * 500
    assert accept(body(title=text[:1000], payload={"a": text})).payload == {"a": text}


def test_what_is_odd_but_right_survives() -> None:
    odd = {"big": 2**70, "small": -(2**70), "nul": "\0", "empty": "", "smile": "😀", "zero": -0.0, "": None}
    assert accept(body(payload=odd)).payload == odd


def test_unknown_fields_are_kept() -> None:
    assert accept(body(payload={"a": 1}, heading=270)).payload == {"a": 1, "_extra": {"heading": 270}}


def test_a_save_too_large_for_the_topic_is_refused_also_when_it_only_grows_that_large() -> None:
    assert accept(body(preview="A" * (MAX_BYTES - 200)))
    with pytest.raises(TooLarge):
        accept(body(preview="A" * MAX_BYTES))
    with pytest.raises(TooLarge):
        accept(with_raw("detections", b"[" + b"1e15," * (MAX_BYTES // 5 - 100) + b"1]"))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(TORTURE),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
times = st.integers(10**12 - 2, 10**12 + 2) | st.integers(10**13 - 2, 10**13) | st.just(1699458327000)
saves = st.fixed_dictionaries(
    {
        "episode_id": st.sampled_from(TORTURE) | st.sampled_from(TORTURE).map(str) | json_values,
        "media": st.just("gate-1") | json_values, "opened_at": times | json_values, "updated_at": times | json_values,
    },
    optional={name: json_values | times | st.text(max_size=30) for name in sorted(episode.FIELDS - PLAIN.keys())}
    | {"unknown": json_values, "": json_values},
)  # fmt: skip


def take(content: bytes, path_id: str | None) -> None:
    """What is accepted is read back equal; all else is NotAnEpisode, with a field and a rule for each fault."""
    refused = None
    try:
        record = accept(content, path_id)
    except NotAnEpisode as error:
        refused = error
    if refused is None:
        assert codec.decode("episodes", codec.encode(record)) == record
    else:
        assert refused.wrong
        msgspec.json.encode([list(each) for each in refused.wrong])  # can be told to its sender


@given(saves, st.none() | st.sampled_from(TORTURE).map(str) | st.text(max_size=25))
@settings(max_examples=400, deadline=None)
def test_whatever_is_saved_is_accepted_whole_or_refused_with_reasons(save: dict[str, Any], path_id: str | None) -> None:
    take(json.dumps(save).encode(errors="replace"), path_id)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode(errors="replace")), st.none())
@settings(max_examples=300, deadline=None)
def test_whatever_bytes_come_nothing_but_a_reason_comes_out(content: bytes, path_id: None) -> None:
    take(content, path_id)


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_good_save_with_a_few_bytes_changed_is_accepted_or_refused_with_reasons(data: st.DataObject) -> None:
    spoilt = bytearray(body(payload={"a": [1, "ł", None]}, labels=["x"], score=0.5, originator={"source": "api"}))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(spoilt) - 1))
        spoilt[at : at + data.draw(st.integers(0, 2))] = data.draw(
            st.binary(max_size=2) | st.sampled_from([b"[", b'"'])
        )
    take(bytes(spoilt), None)
