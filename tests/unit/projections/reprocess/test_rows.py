import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.registry import REPROCESS
from projections.reprocess.rows import StepRow, rows
from projections.spec import columns
from schemas.errors import BadFact
from schemas.facts import MediaRemoved
from schemas.motion import ReprocessDropped, ReprocessPromoted, ReprocessRequested
from tests.unit.schemas.strategies import of_type

LATEST_MS = 10_413_791_999_999


@given(of_type(ReprocessRequested), st.integers(0, 65535), st.integers(0, 1 << 40))
def test_a_request_is_one_row_that_says_all_of_it(fact: ReprocessRequested, partition: int, offset: int) -> None:
    if fact.to_ms > LATEST_MS:
        with pytest.raises(BadFact, match="2299"):
            rows(fact, partition, offset)
        return
    (row,) = rows(fact, partition, offset)
    assert isinstance(row, StepRow)
    told, shown = msgspec.structs.asdict(fact), msgspec.structs.asdict(row)
    assert (shown.pop("said_by"), shown.pop("step")) == (told.pop("by"), "requested")
    assert msgspec.json.decode(shown.pop("settings")) == msgspec.json.decode(msgspec.json.encode(told.pop("settings")))
    assert shown == {name: told[name] for name in told if name != "v"} | {
        "src_partition": partition, "src_offset": offset,
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "step"), [(ReprocessPromoted, "promoted"), (ReprocessDropped, "dropped")])
def test_what_was_decided_of_a_run_is_a_row_beside_its_request(kind: type, step: str) -> None:
    (row,) = rows(kind(run="night", observed_ms=7, by="ann"), 0, 4)
    assert isinstance(row, StepRow)
    assert (row.run, row.step, row.observed_ms, row.said_by, row.src_offset) == ("night", step, 7, "ann", 4)
    assert (row.media, row.from_ms, row.to_ms, row.detector, row.evidence, row.settings) == ((), 0, 0, "", "", "")


def test_a_fact_of_another_topic_is_refused() -> None:
    with pytest.raises(BadFact, match="MediaRemoved makes no row of runs"):
        rows(MediaRemoved(media="gate", observed_ms=1), 0, 0)


def test_the_columns_are_those_of_the_table() -> None:
    table = " ".join(REPROCESS.table_statements("db"))
    assert [name for name in columns(StepRow) if f"\n  {name} " not in table] == []
