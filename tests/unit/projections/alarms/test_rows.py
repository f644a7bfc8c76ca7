import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.alarms.rows import AlarmRow, rows
from projections.registry import ALARMS
from projections.spec import columns
from schemas.errors import BadFact
from schemas.facts import AlarmReceived, AlarmsTicked, MediaRemoved
from tests.alarm_facts import alarm
from tests.unit.schemas.strategies import of_type

DIFFERENT = {"received_ms", "preview_key", "src_partition", "src_offset"}
LATEST_MS = 10_413_791_999_999


@given(of_type(AlarmReceived), st.integers(0, 65535), st.integers(0, 1 << 40))
def test_an_alarm_is_one_row_that_says_all_of_it(fact: AlarmReceived, partition: int, offset: int) -> None:
    if max(fact.received_ms, fact.claimed_ms or 0) > LATEST_MS or fact.pictures >> 32:
        with pytest.raises(BadFact):
            rows(fact, partition, offset)
        return
    (row,) = rows(fact, partition, offset)
    assert isinstance(row, AlarmRow)
    told, shown = msgspec.structs.asdict(fact), msgspec.structs.asdict(row)
    assert {name: shown[name] for name in told.keys() & shown.keys() - DIFFERENT} == {
        name: told[name] for name in told.keys() & shown.keys() - DIFFERENT
    }
    assert (shown["received_ms"], shown["preview_key"] or None) == (fact.received_ms, fact.preview_key)
    assert (shown["src_partition"], shown["src_offset"]) == (partition, offset)
    assert told.keys() - shown.keys() == {"observed_ms", "v"}


def test_time_that_passes_makes_no_row() -> None:
    assert rows(AlarmsTicked(partition=3, observed_ms=5), 3, 9) == ()


def test_a_fact_of_another_topic_is_refused() -> None:
    with pytest.raises(BadFact, match="MediaRemoved makes no alarm row"):
        rows(MediaRemoved(media="gate", observed_ms=1), 0, 0)


@pytest.mark.parametrize(
    "fields", [{"received_ms": LATEST_MS + 1}, {"claimed_ms": LATEST_MS + 1}, {"pictures": 1 << 32}], ids=str
)
def test_a_number_that_its_column_would_wrap_is_refused(fields: dict[str, int]) -> None:
    with pytest.raises(BadFact):
        rows(alarm(**fields), 0, 0)


def test_the_columns_are_those_of_the_table() -> None:
    table = " ".join(ALARMS.table_statements("db"))
    assert [name for name in columns(AlarmRow) if f"\n  {name} " not in table] == []
