from hypothesis import given
from hypothesis import strategies as st

from projections.policy import Backoff, FlushPolicy, Stall

POLICY = FlushPolicy(rows=100, bytes_=1000, age_ms=500)
TIMES = st.integers(0, 10**9)


def test_an_empty_batch_is_never_due() -> None:
    assert not POLICY.due(0, 0, None, 10**9)


def test_a_batch_is_due_at_its_rows_its_bytes_or_its_age_whichever_is_first() -> None:
    assert not POLICY.due(99, 999, 0, 499)
    assert POLICY.due(100, 1, 0, 0)
    assert POLICY.due(1, 1000, 0, 0)
    assert POLICY.due(1, 1, 0, 500)


@given(TIMES, TIMES)
def test_after_the_wait_a_batch_is_due_or_the_wait_was_the_longest_allowed(first_ms: int, later_ms: int) -> None:
    now_ms = first_ms + later_ms
    wait_ms = round(POLICY.wait_s(first_ms, now_ms) * 1000)
    assert 0 <= wait_ms <= 200
    assert POLICY.due(1, 1, first_ms, now_ms + wait_ms) or wait_ms == 200


def test_waits_double_up_to_the_most() -> None:
    assert [Backoff(0.2, 2.0).wait_s(tries) for tries in (0, 1, 2, 3, 4, 400)] == [0.2, 0.4, 0.8, 1.6, 2.0, 2.0]


def test_only_lag_without_progress_and_without_a_known_reason_is_stuck() -> None:
    stall = Stall(after_ms=30_000)
    assert stall.is_stuck(1, waiting=False, progress_ms=0, now_ms=30_000)
    assert not stall.is_stuck(0, waiting=False, progress_ms=0, now_ms=30_000)
    assert not stall.is_stuck(1, waiting=True, progress_ms=0, now_ms=30_000)
    assert not stall.is_stuck(1, waiting=False, progress_ms=1, now_ms=30_000)
