from hypothesis import given
from hypothesis import strategies as st

from projections.segments import packed
from projections.segments.packed import GONE, Ledger, missing

said = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9), st.sampled_from([GONE, 0, 1, 2])))


@given(said, st.integers(1, 5))
def test_of_one_start_the_row_said_last_stands(rows: list[tuple[str, int, int]], least: int) -> None:
    before = packed._LEAST
    packed._LEAST = least
    try:
        ledger: Ledger[str] = Ledger(2)
        for group, start, value in rows:
            ledger.say(group, start, value)
    finally:
        packed._LEAST = before
    for group in "ab":
        last = {start: value for name, start, value in rows if name == group}
        wanted = sorted([start, value] for start, value in last.items() if value != GONE)
        assert ledger.of(group).tolist() == wanted
        assert ledger.of(group).shape[1] == 2
    assert ledger.count() == sum(len(ledger.of(group)) for group in "ab")


def test_what_is_said_again_and_again_takes_no_more_room() -> None:
    ledger: Ledger[str] = Ledger(2)
    for number in range(50_000):
        ledger.say("a", number % 10, number)
    assert len(ledger._said["a"]) < 10_000


def test_what_is_missing_is_told_once_and_in_order() -> None:
    assert missing([3, 1, 1, 2], [2, 9]) == [1, 3]
