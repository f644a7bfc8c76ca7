from projections.motion.audit import ScanId, ScanRow, compare, told
from projections.segments.audit import SegmentId
from schemas.facts import MotionTicked
from tests.footage_facts import START_MS
from tests.scan_facts import scan

FACTS = [
    scan("a", START_MS), scan("a", START_MS + 6000), scan("a", START_MS), scan("b", START_MS, run="night"),
    scan("b", START_MS, run="gone"), MotionTicked(partition=0, observed_ms=1),
]  # fmt: skip
TOLD = told(FACTS, {"gone"})
FIRST = ScanId("a", START_MS, "", "cascade", "1")
SECOND = FIRST._replace(start_ms=START_MS + 6000)
NIGHT = ScanId("b", START_MS, "night", "cascade", "1")
LIVE = [SegmentId("a", START_MS), SegmentId("a", START_MS + 6000)]
ENDS = {0: 10}


def rows(*scans: ScanId, offset: int = 3) -> list[ScanRow]:
    return [ScanRow(one, 0, offset) for one in scans]


def test_verdicts_that_have_their_rows_are_whole_however_often_they_were_told() -> None:
    audit = compare(TOLD, rows(FIRST, SECOND, NIGHT), ENDS, LIVE)
    assert audit.is_whole
    assert (audit.facts, audit.rows, audit.unscanned) == (3, 3, [])


def test_what_a_dropped_run_said_needs_no_row() -> None:
    assert told(FACTS, {"gone", "night"}) == {FIRST, SECOND}


def test_every_kind_of_disagreement_is_named() -> None:
    strange = FIRST._replace(media="z")
    audit = compare(TOLD, rows(FIRST, FIRST, NIGHT, strange), ENDS, LIVE)
    assert not audit.is_whole
    assert (audit.rows_missing, audit.rows_doubled, audit.rows_without_fact) == ([SECOND], [FIRST], [strange])


def test_a_row_of_a_fact_told_meanwhile_is_no_disagreement() -> None:
    audit = compare(TOLD, [*rows(FIRST, SECOND, NIGHT), *rows(FIRST._replace(start_ms=9), offset=10)], ENDS, LIVE)
    assert audit.is_whole


def test_segments_that_only_a_run_has_judged_wait_for_their_live_verdict() -> None:
    live = [*LIVE, SegmentId("b", START_MS), SegmentId("c", 1)]
    audit = compare(TOLD, rows(FIRST, SECOND, NIGHT), ENDS, live)
    assert audit.is_whole
    assert audit.unscanned == [SegmentId("b", START_MS), SegmentId("c", 1)]
