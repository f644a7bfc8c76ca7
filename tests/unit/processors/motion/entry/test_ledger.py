"""Nothing is committed beyond what is done."""

from hypothesis import given
from hypothesis import strategies as st

from processors.motion.entry.ledger import Commit, Ledger


def test_nothing_taken_is_nothing_to_commit() -> None:
    assert Ledger().reached is None


@given(st.permutations(range(12)))
def test_it_stands_at_the_first_that_is_not_done(order: list[int]) -> None:
    ledger = Ledger()
    for offset in range(12):
        ledger.take(offset, 100 + offset)
    done: set[int] = set()
    for offset in order:
        ledger.done(offset)
        done.add(offset)
        first = next((one for one in range(12) if one not in done), 12)
        assert ledger.reached == Commit(first, 100 + min(first, 11))
