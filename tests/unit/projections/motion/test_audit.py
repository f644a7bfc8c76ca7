import numpy as np

from projections.motion.audit import Group, ScanId, compare, ids, told
from projections.segments.packed import Ints, Ledger
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
LIVE: Ledger[str] = Ledger(1)
LIVE.say("a", START_MS)
LIVE.say("a", START_MS + 6000)


def rows(*scans: ScanId) -> dict[Group, Ints]:
    found: dict[Group, list[int]] = {}
    for media, start_ms, *rest in scans:
        found.setdefault((media, *rest), []).append(start_ms)  # type: ignore[arg-type]
    return {group: np.array(starts) for group, starts in found.items()}


def test_verdicts_that_have_their_rows_are_whole_however_often_they_were_told() -> None:
    audit = compare(TOLD, rows(FIRST, SECOND, NIGHT), set(), LIVE)
    assert audit.is_whole
    assert (audit.facts, audit.rows, audit.unscanned) == (3, 3, [])


def test_what_a_dropped_run_said_needs_no_row() -> None:
    assert ids(told(FACTS, {"gone", "night"})) == {FIRST, SECOND}


def test_every_kind_of_disagreement_is_named() -> None:
    strange = FIRST._replace(media="z")
    audit = compare(TOLD, rows(FIRST, FIRST, NIGHT, strange), set(), LIVE)
    assert not audit.is_whole
    assert (audit.rows_missing, audit.rows_doubled, audit.rows_without_fact) == ([SECOND], [FIRST], [strange])


def test_a_row_of_a_fact_told_meanwhile_is_no_disagreement() -> None:
    newer = SECOND._replace(start_ms=START_MS + 12_000)
    assert compare(TOLD, rows(FIRST, SECOND, NIGHT, newer), {newer}, LIVE).is_whole


def test_segments_that_only_a_run_has_judged_wait_for_their_live_verdict() -> None:
    live: Ledger[str] = Ledger(1)
    for media, start_ms in (("a", START_MS), ("b", START_MS), ("c", START_MS)):
        live.say(media, start_ms)
    audit = compare(TOLD, rows(FIRST, SECOND, NIGHT), set(), live)
    assert audit.is_whole
    assert [one.media for one in audit.unscanned] == ["b", "c"]
