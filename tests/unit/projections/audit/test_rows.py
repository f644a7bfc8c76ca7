"""ActionAudited → rows of ``actions``."""

import pytest

from projections.audit.rows import ActionRow, rows, user_of
from projections.columns import LAST_MS
from schemas.errors import BadFact
from tests.access_facts import audited, reviewed
from tests.footage_facts import START_MS


def test_an_action_is_one_row_with_its_user_and_where_it_stands() -> None:
    fact = audited(
        1 << 63, who="anna token-7", via="token", from_ms=5, to_ms=9, subject="lock/1", detail="x", peer="::1"
    )
    assert rows(fact, 0, 7) == (
        ActionRow(
            1 << 63, START_MS, "anna", "anna token-7", "token", "viewed", "gate", 5, 9, "lock/1", "x", "::1", 0, 7
        ),
    )


@pytest.mark.parametrize(("who", "user"), [("anna", "anna"), ("anna share-7", "anna"), ("admin-token", "admin-token")])
def test_a_user_is_known_whatever_they_showed(who: str, user: str) -> None:
    assert user_of(who) == user


@pytest.mark.parametrize("late", [{"at_ms": LAST_MS + 1}, {"from_ms": 1, "to_ms": LAST_MS + 1}])
def test_times_that_no_column_holds_are_refused(late: dict[str, int]) -> None:
    with pytest.raises(BadFact):
        rows(audited(1, **late), 0, 0)


def test_another_fact_makes_no_row_of_the_audit() -> None:
    with pytest.raises(BadFact):
        rows(reviewed(1), 0, 0)
