import pytest
from hypothesis import given

from projections.registry import STORAGE
from projections.spec import columns
from projections.storage.rows import ExhaustionRow, LevelRow, rows
from schemas.errors import BadFact
from schemas.facts import MediaRemoved, StorageExhausted, StorageMeasured
from tests.expiration_facts import exhausted, measured
from tests.footage_facts import START_MS
from tests.unit.schemas.strategies import of_type

LATEST_MS = 10_413_791_999_999


def test_a_level_is_of_the_minute_in_which_it_was_measured() -> None:
    (row,) = rows(measured(7, START_MS + 119_999, "s3"), 0, 4)
    assert row == LevelRow("s3", START_MS + 60_000, START_MS + 119_999, 7, 1000, 0, 4)


def test_an_exhaustion_and_its_end_are_rows() -> None:
    (row,) = rows(exhausted(START_MS, is_over=True, used_bytes=800), 0, 5)
    assert row == ExhaustionRow("disk", START_MS, 800, 1000, 900, True, 0, 5)


@given(of_type(StorageMeasured))
def test_a_level_that_its_columns_would_wrap_is_refused(fact: StorageMeasured) -> None:
    if fact.observed_ms > LATEST_MS or max(fact.used_bytes, fact.capacity_bytes) >> 63:
        with pytest.raises(BadFact):
            rows(fact, 0, 0)
    else:
        (row,) = rows(fact, 0, 0)
        assert isinstance(row, LevelRow)
        assert 0 <= fact.observed_ms - row.minute_ms < 60_000


@pytest.mark.parametrize(
    "fields", [{"locked_bytes": 1 << 63}, {"used_bytes": 1 << 63}, {"observed_ms": LATEST_MS + 1}], ids=str
)
def test_an_exhaustion_that_its_columns_would_wrap_is_refused(fields: dict[str, int]) -> None:
    fact: StorageExhausted = exhausted(**fields)
    with pytest.raises(BadFact):
        rows(fact, 0, 0)


def test_a_fact_of_another_topic_is_refused() -> None:
    with pytest.raises(BadFact, match="MediaRemoved makes no row of storage"):
        rows(MediaRemoved(media="gate", observed_ms=1), 0, 0)


def test_the_columns_are_those_of_the_tables() -> None:
    table = " ".join(STORAGE.table_statements("db"))
    for row in (LevelRow, ExhaustionRow):
        assert [name for name in columns(row) if f"\n  {name} " not in table] == []
