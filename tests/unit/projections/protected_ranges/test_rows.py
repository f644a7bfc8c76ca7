"""Ranges and locks as rows."""

from typing import Any

import pytest

from projections.columns import LAST_MS
from projections.protected_ranges.rows import LockRow, RangeRow, rows
from schemas.errors import BadFact
from tests.footage_facts import START_MS, segment
from tests.protection_facts import hold, locked, protected, released, unlocked

LATE_MS = LAST_MS + 5000


def test_a_range_is_a_row_at_its_start_and_ends_those_it_replaces() -> None:
    fact = protected("tył", START_MS, 60_000, hold(1), hold(2, "lock"), replaces=(START_MS - 5, START_MS + 5))
    kept, *ended, lock = rows(fact, 3, 17)
    assert kept == RangeRow(
        "tył", START_MS, START_MS + 60_000, fact.observed_ms, fact.holds, "p1-0badcafe", 0, 3, 17
    )  # fmt: skip
    assert [(one.start_ms, one.is_deleted) for one in ended if isinstance(one, RangeRow)] == [
        (START_MS - 5, 1), (START_MS + 5, 1),
    ]  # fmt: skip
    assert isinstance(lock, LockRow)
    assert (lock.lock_id, lock.step, lock.media, lock.kind) == (2, "held", "tył", "lock")


def test_a_range_that_says_it_replaces_itself_stands() -> None:
    (kept,) = rows(protected(replaces=(START_MS,)), 0, 0)
    assert isinstance(kept, RangeRow)
    assert not kept.is_deleted


def test_what_is_released_ends_at_its_start_and_where_it_says() -> None:
    ended = rows(released(replaces=(START_MS - 9,)), 0, 4)
    assert [(one.start_ms, one.is_deleted, one.src_offset) for one in ended if isinstance(one, RangeRow)] == [
        (START_MS, 1, 4), (START_MS - 9, 1, 4),
    ]  # fmt: skip


def test_a_lock_is_a_row_for_each_step() -> None:
    (asked,), (back,) = rows(locked(7, until_ms=START_MS + 9, kind="export"), 0, 1), rows(unlocked(7), 0, 2)
    assert isinstance(asked, LockRow)
    assert isinstance(back, LockRow)
    assert (asked.step, asked.until_ms, asked.kind, asked.said_by, asked.reason) == (
        "requested", START_MS + 9, "export", "anna", "police",
    )  # fmt: skip
    assert (back.step, back.said_by, back.observed_ms) == ("released", "anna", START_MS + 600_000)


@pytest.mark.parametrize("fact", [protected(length_ms=LATE_MS - START_MS), locked(length_ms=LATE_MS - START_MS)])
def test_an_end_after_2299_is_the_last_moment_that_a_column_holds(fact: Any) -> None:
    (row,) = rows(fact, 0, 0)
    assert isinstance(row, RangeRow | LockRow)
    assert row.end_ms == LAST_MS


@pytest.mark.parametrize("fact", [protected(start_ms=LATE_MS), released(start_ms=LATE_MS), locked(start_ms=LATE_MS)])
def test_a_start_after_2299_is_refused(fact: Any) -> None:
    with pytest.raises(BadFact, match="2299"):
        rows(fact, 0, 0)


def test_a_fact_of_another_topic_is_refused() -> None:
    with pytest.raises(BadFact, match="SegmentRecorded"):
        rows(segment(), 0, 0)
