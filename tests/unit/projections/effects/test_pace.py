from hypothesis import given
from hypothesis import strategies as st

from projections.effects.pace import Pace


@given(st.integers(1, 700), st.lists(st.integers(1, 1000), min_size=1, max_size=30))
def test_never_more_goes_than_the_rate_allows(per_s: int, pieces: list[int]) -> None:
    pace, now_s, sent = Pace(per_s, 1000), 100.0, 0
    for piece in pieces:
        now_s += pace.wait_s(now_s)
        count = min(piece, pace.most)
        assert sent <= per_s * (now_s - 100) + 1e-6
        pace.began(count, now_s)
        sent += count
    assert pace.most <= per_s


def test_a_pause_does_not_save_up_a_burst() -> None:
    pace = Pace(10, 1000)
    pace.began(10, 1.0)
    assert pace.wait_s(1.0) == 1.0
    pace.began(10, 500.0)
    assert pace.wait_s(500.0) == 1.0
