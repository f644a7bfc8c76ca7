import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.motion.rows import ScanRow, rows
from projections.registry import MOTION
from projections.spec import columns
from schemas.errors import BadFact
from schemas.facts import MediaRemoved, MotionTicked, SegmentScanned
from tests.footage_facts import START_MS
from tests.scan_facts import look, scan
from tests.unit.schemas.strategies import of_type

LATEST_MS = 10_413_791_999_999
ALIKE = (
    "media", "start_ms", "end_ms", "observed_ms", "run", "detector", "version", "verdict", "reason", "level",
    "begins_run", "baseline_from_ms", "preview_ms", "spans",
)  # fmt: skip


@given(of_type(SegmentScanned), st.integers(0, 65535), st.integers(0, 1 << 40))
def test_a_verdict_is_one_row_that_says_all_of_it(fact: SegmentScanned, partition: int, offset: int) -> None:
    if fact.end_ms > LATEST_MS:
        with pytest.raises(BadFact, match="2299"):
            rows(fact, partition, offset)
        return
    (row,) = rows(fact, partition, offset)
    assert isinstance(row, ScanRow)
    assert [getattr(row, name) for name in ALIKE] == [getattr(fact, name) for name in ALIKE]
    assert msgspec.json.decode(row.parameters) == msgspec.json.decode(msgspec.json.encode(fact.parameters))
    looks = [(one.at_ms, one.level, one.score, one.grid) for one in fact.looks]
    assert list(zip(row.look_ms, row.look_level, row.look_score, row.grids, strict=True)) == looks
    assert (row.preview_key or None, row.src_partition, row.src_offset) == (fact.preview_key, partition, offset)
    told = {"v", "looks", "preview_key", "parameters", *ALIKE}
    assert set(SegmentScanned.__struct_fields__) == told, "a field of the fact has no column"


def test_grids_travel_as_base64_because_json_knows_no_bytes() -> None:
    (row,) = rows(scan(looks=(look(START_MS, 0.5, c0=255), look(START_MS + 2000))), 0, 0)
    shown = msgspec.json.decode(msgspec.json.encode(row))
    assert shown[columns(ScanRow).index("grids")] == ["/wAA" + "A" * 188, ""]


def test_parameters_are_written_the_same_way_whatever_their_order() -> None:
    one, two = scan(parameters={"b": 1, "a": {"d": 2, "c": 3}}), scan(parameters={"a": {"c": 3, "d": 2}, "b": 1})
    assert rows(one, 0, 0) == rows(two, 0, 0)


def test_time_that_passes_makes_no_row() -> None:
    assert rows(MotionTicked(partition=3, observed_ms=5), 3, 9) == ()


def test_a_fact_of_another_topic_is_refused() -> None:
    with pytest.raises(BadFact, match="MediaRemoved makes no row of verdicts"):
        rows(MediaRemoved(media="gate", observed_ms=1), 0, 0)


def test_the_columns_are_those_of_the_table() -> None:
    table = " ".join(MOTION.table_statements("db"))
    assert [name for name in columns(ScanRow) if f"\n  {name} " not in table] == []
