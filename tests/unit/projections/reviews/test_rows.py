"""EpisodeReviewed → rows of ``reviews``."""

import pytest

from projections.columns import LAST_MS
from projections.reviews.rows import ReviewRow, rows
from schemas.errors import BadFact
from tests.access_facts import audited, reviewed
from tests.footage_facts import START_MS


def test_a_word_on_an_episode_is_one_row() -> None:
    fact = reviewed(1 << 63, "anna", "tył", favourite=True)
    assert rows(fact, 0, 7) == (ReviewRow("anna", "tył", 1 << 63, True, True, START_MS, 0, 7),)


def test_a_time_that_no_column_holds_is_refused() -> None:
    with pytest.raises(BadFact):
        rows(reviewed(1, at_ms=LAST_MS + 1), 0, 0)


def test_another_fact_makes_no_review() -> None:
    with pytest.raises(BadFact):
        rows(audited(1), 0, 0)
