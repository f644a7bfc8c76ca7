import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.folding import folded


@pytest.mark.parametrize(
    ("one", "other"),
    [("Gate", "gATE"), ("tył", "TYŁ"), ("Straße", "STRASSE"), ("caf\u00e9", "cafe\u0301"), ("ΟΔΟΣ", "οδοσ")],
)
def test_names_are_the_same_in_any_case_and_however_their_accents_are_written(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_names_that_differ_stay_apart() -> None:
    assert len({folded(name) for name in ("gate", "gate-1", "gaté", "tyl", "tył")}) == 5


@given(st.text(max_size=40))
def test_to_fold_again_changes_nothing_and_every_normal_form_folds_alike(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert folded(unicodedata.normalize("NFD", text)) == folded(unicodedata.normalize("NFC", text))


def test_marks_upon_marks_cost_no_time() -> None:
    assert len(folded("a" + "\u0301\u0316" * 200_000)) < 100
