import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.mail_refusals.rows import RefusalRow, rows
from schemas.errors import BadFact
from schemas.facts import AlarmsTicked, MailRefused
from tests.alarm_facts import refusal
from tests.unit.schemas.strategies import of_type

LATEST_MS = 10_413_791_999_999


@given(of_type(MailRefused), st.integers(0, 65535), st.integers(0, 1 << 40))
def test_a_refusal_is_one_row_that_says_all_of_it(fact: MailRefused, partition: int, offset: int) -> None:
    if fact.observed_ms > LATEST_MS or fact.times >> 64:
        with pytest.raises(BadFact):
            rows(fact, partition, offset)
        return
    (row,) = rows(fact, partition, offset)
    assert isinstance(row, RefusalRow)
    told = msgspec.structs.asdict(fact)
    told.pop("v")
    assert msgspec.structs.asdict(row) == told | {"src_partition": partition, "src_offset": offset}


def test_what_cannot_be_stored_and_what_is_no_refusal_is_refused() -> None:
    with pytest.raises(BadFact, match="2299"):
        rows(refusal(observed_ms=LATEST_MS + 1), 0, 0)
    with pytest.raises(BadFact, match="AlarmsTicked makes no row"):
        rows(AlarmsTicked(partition=0, observed_ms=1), 0, 0)
