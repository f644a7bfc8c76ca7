import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.expirations.rows import ExpirationRow, rows
from projections.registry import EXPIRATIONS
from projections.spec import columns
from schemas.errors import BadFact
from schemas.facts import DeletionOrdered, MediaRemoved, RangeExpired, RangeRestored, RestoreRequested
from tests.expiration_facts import expired, ordered, requested, restored
from tests.unit.schemas.strategies import of_type

LATEST_MS = 10_413_791_999_999
ONE = expired()


def row(fact: object, partition: int = 1, offset: int = 9) -> dict[str, object]:
    (made,) = rows(fact, partition, offset)
    assert isinstance(made, ExpirationRow)
    return msgspec.structs.asdict(made)


@given(of_type(RangeExpired), st.integers(0, 65535), st.integers(0, 1 << 40))
def test_a_decision_is_one_row_that_says_all_of_it(fact: RangeExpired, partition: int, offset: int) -> None:
    is_late = max(fact.end_ms, fact.observed_ms, fact.delete_after_ms) > LATEST_MS
    if is_late or fact.size_bytes >> 63 or fact.segments >> 63:
        with pytest.raises(BadFact):
            rows(fact, partition, offset)
        return
    told, shown = msgspec.structs.asdict(fact), row(fact, partition, offset)
    assert shown["expired_ms"] == told.pop("observed_ms")
    assert told.pop("v") == 1
    assert {name: shown[name] for name in told} == told
    assert (shown["src_partition"], shown["src_offset"], shown["is_decided"]) == (partition, offset, 0)


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (requested(ONE), {"requested_ms": ONE.observed_ms + 1000, "is_decided": 0}),
        (restored(ONE), {"restored_ms": ONE.observed_ms + 2000, "restored_by": "anna", "is_decided": 1}),
        (
            ordered(ONE),
            {
                "ordered_ms": ONE.observed_ms + 600_000, "ordered_bytes": ONE.size_bytes, "ordered_segments": 50,
                "ordered_policy": "r1-0badcafe", "is_decided": 1,
            },
        ),
    ],
    ids=["requested", "restored", "ordered"],
)  # fmt: skip
def test_what_follows_says_its_own_part_and_nothing_else(fact: object, said: dict[str, object]) -> None:
    key = {"media": "gate", "expiration_id": ONE.expiration_id, "src_partition": 1, "src_offset": 9}
    nothing = msgspec.structs.asdict(ExpirationRow(media="", expiration_id=0, src_partition=0, src_offset=0))
    assert row(fact) == nothing | key | said


@given(st.one_of(of_type(RestoreRequested), of_type(RangeRestored), of_type(DeletionOrdered)))
def test_a_time_or_a_size_that_its_column_would_wrap_is_refused(
    fact: RestoreRequested | RangeRestored | DeletionOrdered,
) -> None:
    is_large = isinstance(fact, DeletionOrdered) and bool(fact.size_bytes >> 63)
    if fact.observed_ms > LATEST_MS or is_large:
        with pytest.raises(BadFact):
            rows(fact, 0, 0)
    else:
        assert len(rows(fact, 0, 0)) == 1


def test_a_fact_of_another_topic_is_refused() -> None:
    with pytest.raises(BadFact, match="MediaRemoved makes no row of expirations"):
        rows(MediaRemoved(media="gate", observed_ms=1), 0, 0)


def test_the_columns_are_those_of_the_table() -> None:
    table = " ".join(EXPIRATIONS.table_statements("db"))
    assert [name for name in columns(ExpirationRow) if f"\n  {name} " not in table] == []
