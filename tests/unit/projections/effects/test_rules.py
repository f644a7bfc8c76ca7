from hypothesis import given
from hypothesis import strategies as st

from projections.effects import rules
from projections.effects.rules import MOST_EARLY_MS, STORED_AGAIN, Left, Outcome
from schemas import codec
from schemas.intervals import Span, intersect, total_ms
from tests.order_facts import ORDERED_MS, SIZE, key_of, order, run_of

STARTS = run_of(8)
HELD = Left(SIZE, "AccessDenied")


def test_an_order_that_was_carried_out_is_told_with_its_own_span_starts_and_size() -> None:
    (fact,) = rules.deleted(Outcome(order(STARTS), {}), 9)
    assert (fact.start_ms, fact.end_ms, fact.expiration_id) == (STARTS[0], STARTS[-1] + 6000, 7)
    assert (list(fact.segment_starts_ms), fact.size_bytes, fact.observed_ms) == (STARTS, SIZE * 8, 9)


@given(st.sets(st.sampled_from(STARTS)), st.booleans())
def test_told_again_it_is_the_same_fact_whatever_is_found_gone_by_then(left: set[int], is_held: bool) -> None:
    outcome = Outcome(order(STARTS), {start: HELD if is_held else Left(SIZE, STORED_AGAIN) for start in left})
    facts, again = rules.deleted(outcome, 9), rules.deleted(outcome._replace(objects=3, size_bytes=1), 10)
    assert list(map(codec.fact_id, facts)) == list(map(codec.fact_id, again))
    assert [one.segment_starts_ms for one in facts] == [one.segment_starts_ms for one in again]
    assert sorted(start for one in facts for start in one.segment_starts_ms) == sorted(set(STARTS) - left)
    assert sum(one.size_bytes for one in facts) == SIZE * (8 - len(left))
    assert bool(rules.refusal(outcome)) == (is_held and bool(left))


@given(st.sets(st.sampled_from(STARTS)))
def test_what_stays_of_an_order_lies_in_no_fact_about_what_is_gone(left: set[int]) -> None:
    facts = rules.deleted(Outcome(order(STARTS), dict.fromkeys(left, HELD)), 9)
    told = [(one.start_ms, one.end_ms) for one in facts]
    assert total_ms(Span(*one) for one in told) == 6000 * (8 - len(left))
    assert not intersect([Span(start, start + 6000) for start in left], [Span(*one) for one in told])


def test_a_refusal_names_the_objects_and_what_to_do() -> None:
    reason = rules.refusal(Outcome(order(STARTS), {STARTS[2]: HELD, STARTS[1]: Left(SIZE, STORED_AGAIN)}))
    assert "1 of 8" in reason
    assert f"{key_of(STARTS[2])} (AccessDenied)" in reason
    assert key_of(STARTS[1]) not in reason
    assert "redrive" in reason


def test_a_refusal_of_many_objects_stays_short() -> None:
    starts = run_of(20_000)
    assert len(rules.refusal(Outcome(order(starts), dict.fromkeys(starts, HELD)))) < 1000


def test_an_object_put_after_what_its_order_means_is_other_footage() -> None:
    now_ms = ORDERED_MS + 3_600_000
    assert rules.is_stored_again(ORDERED_MS + 1, ORDERED_MS, now_ms)
    assert not rules.is_stored_again(ORDERED_MS, ORDERED_MS, now_ms)
    assert not rules.is_stored_again(0, ORDERED_MS, now_ms)


def test_what_an_order_means_was_put_before_its_grace_and_beyond_a_hard_cap_before_the_order() -> None:
    assert rules.early_ms(600_000, has_hard_cap=False) == MOST_EARLY_MS
    assert rules.early_ms(2000, has_hard_cap=False) == 2000
    assert rules.early_ms(600_000, has_hard_cap=True) == 0


def test_a_clock_that_was_set_back_holds_no_deletion_up() -> None:
    year_ms = 365 * 86_400_000
    assert not rules.is_stored_again(ORDERED_MS + year_ms, ORDERED_MS, ORDERED_MS + 1000)


@given(st.lists(st.text(max_size=3)), st.integers(1, 5))
def test_pieces_hold_everything_in_order_and_are_never_too_large(names: list[str], most: int) -> None:
    pieces = list(rules.pieces(names, most))
    assert [name for piece in pieces for name in piece] == names
    assert all(1 <= len(piece) <= most for piece in pieces)


def test_what_stands_between_lost_segments_is_in_no_fact_about_them() -> None:
    lost = [(0, 6, 1), (6, 12, 2), (18, 24, 4)]
    told = list(rules.lost("gate", lost, ORDERED_MS))
    assert [(one.start_ms, one.end_ms, one.segment_starts_ms, one.size_bytes) for one in told] == [
        (0, 12, (0, 6), 3),
        (18, 24, (18,), 4),
    ]


def test_a_long_loss_is_told_in_pieces() -> None:
    lost = [(at * 6, at * 6 + 6, 1) for at in range(rules.MOST_LOST + 1)]
    told = list(rules.lost("gate", lost, ORDERED_MS))
    assert [len(one.segment_starts_ms) for one in told] == [rules.MOST_LOST, 1]
    assert told[0].end_ms == told[1].start_ms
