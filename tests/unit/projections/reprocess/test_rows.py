from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.registry import REPROCESS
from projections.reprocess.rows import StepRow, rows
from projections.spec import columns
from schemas.errors import BadFact
from schemas.facts import MediaRemoved
from schemas.motion import (
    ReprocessCompleted,
    ReprocessDropped,
    ReprocessPromoted,
    ReprocessRequested,
    ReprocessStarted,
    Stretch,
)
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
        "topic": "", "stretches": (), "src_partition": partition, "src_offset": offset,
    }  # fmt: skip


NIGHT: dict[str, Any] = {"run": "night", "observed_ms": 7, "by": "ann"}
EMPTY = {"media": (), "from_ms": 0, "to_ms": 0, "detector": "", "evidence": "", "settings": ""}


@pytest.mark.parametrize(
    ("fact", "step"),
    [
        (ReprocessCompleted(step="looked", **NIGHT), "looked"),
        (ReprocessPromoted(**NIGHT), "promoted"),
        (ReprocessCompleted(step="promoted", **NIGHT), "applied"),
        (ReprocessDropped(**NIGHT), "dropped"),
    ],
    ids=["looked", "promoted", "applied", "dropped"],
)
def test_each_step_of_a_run_is_a_row_beside_its_request(fact: object, step: str) -> None:
    (row,) = rows(fact, 0, 4)
    told = {"run": "night", "step": step, "observed_ms": 7, "said_by": "ann", "src_partition": 0, "src_offset": 4}
    assert msgspec.structs.asdict(row) == EMPTY | {"topic": "", "stretches": ()} | told


def test_what_a_run_is_about_is_in_the_row_of_its_start() -> None:
    stretches = (Stretch(partition=0, begin=5, end=9), Stretch(partition=3, begin=0, end=0))
    (row,) = rows(ReprocessStarted(topic="segments", stretches=stretches, **NIGHT), 0, 4)
    told = {"run": "night", "step": "started", "observed_ms": 7, "said_by": "ann", "src_partition": 0, "src_offset": 4}
    assert msgspec.structs.asdict(row) == EMPTY | {"topic": "segments", "stretches": stretches} | told


@pytest.mark.parametrize("stretch", [{"partition": 1 << 32}, {"begin": 1 << 64}, {"end": 1 << 64}], ids=str)
def test_a_number_that_its_column_would_wrap_is_refused(stretch: dict[str, int]) -> None:
    told = Stretch(**({"partition": 0, "begin": 0, "end": 0} | stretch))
    with pytest.raises(BadFact):
        rows(ReprocessStarted(topic="motion", stretches=(told,), **NIGHT), 0, 0)


def test_a_fact_of_another_topic_is_refused() -> None:
    with pytest.raises(BadFact, match="MediaRemoved makes no row of runs"):
        rows(MediaRemoved(media="gate", observed_ms=1), 0, 0)


def test_the_columns_are_those_of_the_table() -> None:
    table = " ".join(REPROCESS.table_statements("db"))
    assert [name for name in columns(StepRow) if f"\n  {name} " not in table] == []
