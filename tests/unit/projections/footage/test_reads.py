import pytest

from processors.retention.rules.order import BEYOND, HELD, HELD_WITHIN, WITHIN, Policy
from processors.retention.rules.reasons import detail
from processors.retention.rules.terms import Marks
from projections.footage.reads import SAID_PROTECTED
from schemas.retention import ExpiryReason


@pytest.mark.parametrize("reason", ["quota", "room", "hard_cap"])
def test_decisions_say_of_what_they_take_whether_something_protected_it(reason: ExpiryReason) -> None:
    said = [detail(reason, rank, Policy(), Marks(0.9, 0.85, 0.95)) for rank in (HELD, HELD_WITHIN, BEYOND, WITHIN)]
    assert [SAID_PROTECTED in one for one in said] == [True, True, False, False]
