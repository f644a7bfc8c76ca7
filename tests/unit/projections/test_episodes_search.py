"""What is asked becomes one condition; what a caller wrote never becomes part of the statement."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from projections.episodes.changes import _inside
from projections.episodes.search import Search, where, where_to_look
from schemas.visible import Shown
from tests.accepted_facts import SEARCHES


@given(SEARCHES)
def test_every_value_is_bound_and_every_bound_value_is_named(asked: dict[str, Any]) -> None:
    condition, values = where(Search(**asked))
    assert all(f"{{{name}:" in condition for name in values)
    assert all(f"{{{name}:" in condition + "{public:" for name in _named(where_to_look(Search(**asked))))


def _named(sql: str) -> set[str]:
    return {part.partition(":")[0] for part in sql.split("{")[1:]}


@given(st.text(min_size=3).filter(lambda text: not text.isalnum()))
def test_words_of_callers_are_no_sql(text: str) -> None:
    search = Search(words=(text,), media=(text,), label=(text,), episode_type=(text,), source=(text,))
    plain = Search(words=("x",), media=("x",), label=("x",), episode_type=("x",), source=("x",))
    assert where(search)[0] == where(plain)[0]
    assert where_to_look(search) == where_to_look(plain)


def test_nothing_asked_is_everything() -> None:
    assert where(Search()) == ("true", {})
    assert where_to_look(Search()) == "true"


def test_every_field_of_a_search_is_a_condition() -> None:
    given: dict[str, Any] = dict.fromkeys(Search.__struct_fields__, 7)
    texts = ("media", "episode_type", "source", "label", "words")
    given |= dict.fromkeys(texts, ("a", "b")) | {"visible": (Shown(frozenset("a"), 3, 4),)}
    condition, values = where(Search(**given))
    shown = {"visible_media_0_0", "visible_from_0", "visible_to_0"}
    words = {"word0", "word1", "escaped0", "escaped1"}
    assert set(values) == {*Search.__struct_fields__, *words, *shown} - {"words", "visible"}
    assert condition.count(" AND ") >= len(Search.__struct_fields__)


def test_nobody_with_no_camera_sees_a_thing() -> None:
    assert where(Search(visible=())) == ("false", {})
    assert "false" in where(Search(visible=(Shown(frozenset()),)))[0]
    assert not Search(visible=()).may_be_of("gate")
    assert not Search(visible=(Shown(frozenset()),)).may_be_of("gate")


def test_positions_are_written_as_numbers_and_only_where_something_lies() -> None:
    assert _inside((5, 7), (5, 9, 3)) == (
        "(src_partition = 1 AND src_offset >= 7 AND src_offset < 9) OR "
        "(src_partition = 2 AND src_offset >= 0 AND src_offset < 3)"
    )
    assert _inside((5, 7), (4,)) == "false"
