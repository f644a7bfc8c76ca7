"""Chains follow from the log: whatever the order, whoever reads it, and however much of it was forgotten."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from processors.motion.entry.chain import Bounds, Chains, Hole, Known, anchor_ms, known, whole_chain
from schemas import runs
from schemas.facts import SegmentRecorded
from tests.unit.schemas.strategies import SEGMENT

EPOCH_MS, WARM_MS, WAIT_MS = 60_000, 10_000, 5000
BOUNDS = Bounds(EPOCH_MS, WARM_MS, WAIT_MS)
BEGIN_MS = 1_790_000_040_000
LENGTH_MS = 4000
CAME_MS = 7_000_000


def segments(count: int, start_ms: int = BEGIN_MS) -> list[SegmentRecorded]:
    """One run without a hole."""
    run = runs.run_id(SEGMENT.media, start_ms, SEGMENT.origin)
    return [
        structs.replace(
            SEGMENT, start_ms=start_ms + number * LENGTH_MS, end_ms=start_ms + (number + 1) * LENGTH_MS, run_id=run,
            keyframes=(), gop_bytes=(), sha256=f"{number:064x}",
        )
        for number in range(count)
    ]  # fmt: skip


def starts(chain: tuple[Known, ...] | Hole) -> list[int]:
    assert not isinstance(chain, Hole)
    return [one.start_ms for one in chain]


def test_a_chain_goes_back_to_the_segment_in_which_its_epoch_is_warmed_up() -> None:
    facts = segments(40)
    last = facts[-1]
    chain = whole_chain(last, facts, EPOCH_MS, WARM_MS)
    anchor = anchor_ms(last.start_ms, EPOCH_MS, WARM_MS)
    assert anchor == last.start_ms // EPOCH_MS * EPOCH_MS - WARM_MS
    assert chain[0].start_ms <= anchor < chain[0].end_ms
    assert [one.start_ms for one in chain] == list(range(chain[0].start_ms, last.start_ms, LENGTH_MS))


def test_the_first_of_a_run_has_no_chain_and_waits_for_nothing() -> None:
    chains = Chains()
    first = known(segments(1)[0], b"", CAME_MS)
    chains.add(first)
    assert chains.before(first, BOUNDS) == ()


@given(st.permutations(range(30)), st.data())
def test_order_of_arrival_changes_no_chain(order: list[int], data: st.DataObject) -> None:
    facts = segments(30)
    chains = Chains()
    for number in order:
        chains.add(known(facts[number], b"", CAME_MS))
    number = data.draw(st.integers(0, 29))
    expected = [one.start_ms for one in whole_chain(facts[number], facts, EPOCH_MS, WARM_MS)]
    assert starts(chains.before(known(facts[number], b"", CAME_MS), BOUNDS)) == expected


def test_a_missing_predecessor_is_waited_for_by_the_log_s_time() -> None:
    facts = [known(one, b"", CAME_MS) for one in segments(5)]
    chains = Chains()
    chains.add(facts[0])
    for one in facts[2:]:
        chains.add(one)
    hole = chains.before(facts[4], BOUNDS)
    assert hole == Hole(facts[1].media, facts[1].run_id, facts[1].end_ms, CAME_MS + WAIT_MS)
    chains.until_ms = CAME_MS + WAIT_MS
    assert chains.before(facts[4], BOUNDS) == hole
    chains.until_ms += 1
    assert starts(chains.before(facts[4], BOUNDS)) == [facts[2].start_ms, facts[3].start_ms]


def test_what_came_too_late_is_in_no_chain_whether_it_is_known_by_now_or_not() -> None:
    facts = [known(one, b"", CAME_MS) for one in segments(5)]
    facts[1] = facts[1]._replace(came_ms=CAME_MS + WAIT_MS + 1)
    chains = Chains()
    for one in facts:
        chains.add(one)
    assert starts(chains.before(facts[4], BOUNDS)) == [facts[2].start_ms, facts[3].start_ms]
    assert starts(chains.before(facts[1], BOUNDS)) == [facts[0].start_ms]


@given(st.lists(st.integers(0, 40_000), min_size=20, max_size=20), st.integers(0, 2**20 - 1), st.integers(0, 300_000))
def test_who_begins_to_read_a_horizon_before_knows_the_same_chains(lags: list[int], there: int, later_ms: int) -> None:
    """Segments that come at any time, some never: a worker that read all of the log, and one that began anew."""
    came = sorted(
        (CAME_MS + number * LENGTH_MS + lag, number) for number, lag in enumerate(lags) if there >> number & 1
    )
    if not came:
        return
    log = [known(segments(20)[number], b"", came_ms) for came_ms, number in came]
    last = known(segments(21)[20], b"", log[-1].came_ms + later_ms)
    old, new = Chains(), Chains()
    for one in log:
        old.add(one)
        old.forget(one.came_ms - BOUNDS.horizon_ms)
        if one.came_ms >= last.came_ms - BOUNDS.horizon_ms:
            new.add(one)
    for chains in (old, new):
        chains.add(last)
        chains.until_ms = last.came_ms + 10 * WAIT_MS
    assert old.before(last, BOUNDS) == new.before(last, BOUNDS)


def test_a_segment_that_is_told_twice_is_known_once_and_another_in_its_place_counts() -> None:
    facts = [known(one, b"", CAME_MS) for one in segments(3)]
    chains = Chains()
    assert [chains.add(one) for one in (facts[0], facts[1], facts[1], facts[2])] == [True, True, False, True]
    other = facts[1]._replace(sha256="f" * 64, value=b"other")
    assert chains.add(other)
    assert chains.before(facts[2], BOUNDS) == (facts[0], other)


def test_a_spoilt_segment_cuts_the_chains_behind_it() -> None:
    facts = [known(one, b"", CAME_MS) for one in segments(5)]
    chains = Chains()
    for one in facts:
        chains.add(one)
    chains.spoil(facts[2].media, facts[2].start_ms)
    assert starts(chains.before(facts[4], BOUNDS)) == [facts[3].start_ms]
    assert chains.before(facts[3], BOUNDS) == ()


def test_what_is_forgotten_takes_no_room() -> None:
    chains = Chains()
    for number, one in enumerate(segments(50)):
        chains.add(known(one, b"", CAME_MS + number))
    chains.forget(CAME_MS + 40)
    assert len(chains) == 10
    chains.forget(CAME_MS + 50)
    assert len(chains) == 0
