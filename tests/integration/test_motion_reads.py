"""Questions about motion, over the real engine: which verdict counts, what a region saw, what nobody looked at."""

import random
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec
import pytest

from infra.clickhouse import Database
from infra.settings import Settings
from projections.columns import LAST_MS
from projections.motion.reads import MotionReads, ScanCounts, ScanSearch, StoredScan
from projections.reprocess.reads import RunPlace, RunReads
from schemas.codec import AnyFact
from schemas.intervals import Span
from schemas.motion import SegmentScanned, Stretch
from tests.footage_facts import START_MS, segment
from tests.integration.sql_desk import keep, tables
from tests.scan_facts import asked, dropped, history, look, looked, motion_ms, promoted, scan, started

WHOLE = Span(START_MS - 1, START_MS + 10_000_000)
EVERYTHING = ("night", "")


@dataclass
class World:
    settings: Settings
    database: Database

    @property
    def reads(self) -> MotionReads:
        return MotionReads(self.database, self.settings.database)

    @property
    def runs(self) -> RunReads:
        return RunReads(self.settings, self.database)

    def forget(self) -> None:
        for name, table in (("motion", "segment_scans"), ("reprocess", "steps"), ("segments", "segments")):
            self.database.command(f"TRUNCATE TABLE sightlog_{name}_g1.{table}")

    def keep(self, facts: Iterable[AnyFact]) -> None:
        keep(self.settings, self.database, "motion", facts)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with tables(tmp_path_factory.mktemp("motion")) as (settings, database):
        keep(settings, database, "segments", [segment(f"cam{number}", START_MS - 60_000) for number in range(3)])
        yield World(settings, database)


@pytest.fixture
def world(engine: World) -> World:
    engine.forget()
    return engine


def counting(facts: Iterable[AnyFact], search: ScanSearch) -> list[SegmentScanned]:
    """By hand: the verdict of each segment that counts, those that hold the conditions."""
    best: dict[int, tuple[int, int, SegmentScanned]] = {}
    for offset, fact in enumerate(facts):
        if isinstance(fact, SegmentScanned) and fact.media == search.media and fact.run in search.runs:
            rank = (-search.runs.index(fact.run), offset)
            if fact.start_ms not in best or best[fact.start_ms][:2] < rank:
                best[fact.start_ms] = (*rank, fact)
    found = [best[start][2] for start in sorted(best)]
    return [
        fact
        for fact in found
        if fact.from_ms < search.span.end_ms
        and fact.end_ms > search.span.start_ms
        and fact.verdict in (search.verdicts or (fact.verdict,))
        and (not search.cells or max(energies(fact, search.cells), default=0) >= search.min_energy)
    ]


def energies(fact: SegmentScanned, cells: Iterable[int]) -> list[int]:
    numbers = list(cells)
    return [max(one.grid[cell] for cell in numbers) if one.grid else 0 for one in fact.looks]


SEARCHES = [
    ScanSearch(media="cam0", span=WHOLE),
    ScanSearch(media="cam1", span=WHOLE, runs=EVERYTHING),
    ScanSearch(media="cam1", span=WHOLE, runs=("night",), verdicts=("motion", "unreadable")),
    ScanSearch(media="cam2", span=Span(START_MS + 90_000, START_MS + 300_001), runs=EVERYTHING),
    ScanSearch(media="cam0", span=WHOLE, cells=tuple(range(40, 90)), min_energy=200),
    ScanSearch(media="cam0", span=WHOLE, runs=EVERYTHING, cells=(5, 143), min_energy=1, verdicts=("still",)),
    ScanSearch(media="nobody", span=WHOLE),
]


@pytest.mark.parametrize("search", SEARCHES, ids=range(len(SEARCHES)))
def test_of_several_verdicts_on_a_segment_one_counts_and_pages_hold_each_once(world: World, search: ScanSearch) -> None:
    facts = history(400)
    world.keep(facts)
    found = list[StoredScan]()
    while page := world.reads.scans(search, 7, found[-1].start_ms if found else None, looks=True):
        found += page
    wanted = counting(facts, search)
    assert [(one.start_ms, one.run, one.detector) for one in found] == [
        (one.start_ms, one.run, one.detector) for one in wanted
    ]
    for one, fact in zip(found, wanted, strict=True):
        assert_says(one, fact, search)


def assert_says(one: StoredScan, fact: SegmentScanned, search: ScanSearch) -> None:
    """The row says what the fact said, the looks and what the region saw among it."""
    alike = ("media", "end_ms", "observed_ms", "version", "verdict", "reason", "level", "spans", "begins_run")
    assert [getattr(one, name) for name in alike] == [getattr(fact, name) for name in alike]
    assert one.from_ms == fact.from_ms
    assert msgspec.json.decode(one.parameters) == fact.parameters
    assert one.motion_ms == motion_ms(fact)
    assert one.score == max([look.score for look in fact.looks] + [span.score for span in fact.spans], default=0)
    shown = list(zip(one.look_ms, one.look_level, one.look_score, one.grids, strict=True))
    assert shown == [(look.at_ms, look.level, look.score, b64encode(look.grid).decode()) for look in fact.looks]
    assert list(one.seen) == (energies(fact, search.cells) if search.cells else [])


def test_a_verdict_told_twice_is_one_row_and_the_later_stays(world: World) -> None:
    gone = scan(verdict="unreadable", reason="the footage is gone", looks=())
    world.keep([gone, gone, scan(moved=[(100, 900)])])
    (one,) = world.reads.scans(ScanSearch(media="gate", span=WHOLE), 10)
    assert (one.verdict, one.motion_ms, one.look_ms) == ("motion", 800, ())


def test_a_verdict_that_speaks_of_the_time_before_its_segment_is_found_there(world: World) -> None:
    keep(world.settings, world.database, "segments", [segment("gate", START_MS - 6000)])
    early = scan(looks=(look(START_MS - 400, 0.2, c7=9), look(START_MS)))
    world.keep([scan(start_ms=START_MS - 6000), early])
    search = ScanSearch(media="gate", span=Span(START_MS - 500, START_MS - 300))
    assert [one.from_ms for one in world.reads.scans(search, 9)] == [START_MS - 6000, START_MS - 400]
    only = msgspec.structs.replace(search, cells=(7,), min_energy=9)
    assert [(one.look_ms, one.seen) for one in world.reads.scans(only, 9)] == [((START_MS - 400, START_MS), (9, 0))]


def test_segments_without_a_verdict_are_counted(world: World) -> None:
    starts = [START_MS + number * 6000 for number in range(10)]
    keep(world.settings, world.database, "segments", [segment("gate", start) for start in starts])
    world.keep(
        [
            scan(start_ms=starts[0], moved=[(0, 10)]), scan(start_ms=starts[1]), scan(start_ms=starts[2], level="none"),
            scan(start_ms=starts[3], verdict="unreadable", level="keyframes"),
            scan(start_ms=starts[3], verdict="still", run="night"), scan(start_ms=starts[4], run="night"),
        ]
    )  # fmt: skip
    counts = world.reads.counts(ScanSearch(media="gate", span=WHOLE))
    assert counts == ScanCounts(motion=1, still=1, unreadable=1, off=1, unscanned=6)
    both = world.reads.counts(ScanSearch(media="gate", span=WHOLE, runs=EVERYTHING))
    assert both == ScanCounts(motion=1, still=3, unreadable=0, off=1, unscanned=5)
    part = world.reads.counts(ScanSearch(media="gate", span=Span(starts[1] + 5999, starts[7])))
    assert part == ScanCounts(motion=0, still=1, unreadable=1, off=1, unscanned=3)


@pytest.mark.parametrize(
    "span", [Span(0, 1), Span(0, LAST_MS), Span(LAST_MS - 1, LAST_MS + 1), Span(0, 253_402_300_799_999)]
)
@pytest.mark.parametrize("after_ms", [None, 0, 999_999_999_999_999])
def test_no_time_is_too_early_or_too_late_to_be_asked_about(world: World, span: Span, after_ms: int | None) -> None:
    keep(world.settings, world.database, "segments", [segment("gate", START_MS)])
    world.keep([scan()])
    search = ScanSearch(media="gate", span=span, cells=(1,))
    assert world.reads.scans(search, 9, after_ms) == []
    inside = span.start_ms <= START_MS < span.end_ms
    assert world.reads.counts(search) == ScanCounts(motion=0, still=int(inside), unreadable=0, off=0, unscanned=0)


def test_what_a_dropped_run_said_is_not_shown(world: World) -> None:
    world.keep([scan(run="night"), scan(run="day"), scan()])
    keep(world.settings, world.database, "reprocess", [asked("night"), asked("day"), dropped("night")])
    search = ScanSearch(media="gate", span=WHOLE, runs=("night",))
    assert world.reads.scans(search, 9) == []
    (one,) = world.reads.scans(msgspec.structs.replace(search, runs=("night", "day", "")), 9)
    assert one.run == "day"


def test_runs_come_newest_first_with_what_was_decided(world: World) -> None:
    chance = random.Random(2)
    facts: list[AnyFact] = [asked(f"r{number}", START_MS + number // 2, settings={"join_ms": 1}) for number in range(9)]
    facts += [promoted("r3"), promoted("r5", START_MS + 9), dropped("r1"), dropped("nobody"), promoted("r3", START_MS)]
    facts += [started("r8"), started("r7"), looked("r7"), looked("r5"), looked("r5", "promoted")]
    facts += [asked("r0", START_MS + 99, detector="mog2@1"), promoted("r1", START_MS)]
    keep(world.settings, world.database, "reprocess", [*facts, *chance.sample(facts, 6)])
    found, after = list[str](), None
    while page := world.runs.page(4, after):
        found += [one.run for one in page]
        after = page[-1].place
    assert found == [f"r{number}" for number in reversed(range(9))]
    states = {one.run: one.state for one in world.runs.page(9)}
    other = {"r8": "running", "r7": "done", "r5": "promoted", "r3": "promoting", "r1": "dropped"}
    assert states == dict.fromkeys(found, "requested") | other
    assert [one.run for one in world.runs.page(9, state="promoted")] == ["r5"]
    assert world.runs.page(9, RunPlace(START_MS, ""), "dropped") == []
    first, third = world.runs.get("r0"), world.runs.get("r3")
    assert first is not None
    assert third is not None
    assert (first.state, first.detector, first.requested_ms, first.settings) == (
        "requested", "cascade@1", START_MS, '{"join_ms":1}',
    )  # fmt: skip
    assert (third.promoted_ms, third.applied_ms, third.dropped_ms) == (START_MS + 1, None, None)
    eighth, seventh = world.runs.get("r8"), world.runs.get("r7")
    assert eighth is not None
    assert seventh is not None
    assert (eighth.topic, eighth.stretches, eighth.looked_ms) == (
        "segments",
        (Stretch(partition=1, begin=3, end=9),),
        None,
    )
    assert world.runs.progress(seventh) == (6, 6)
    assert world.runs.progress(first) is None
    assert world.runs.get("nobody") is None


def test_a_promoted_run_counts_for_the_cameras_it_looked_at(world: World) -> None:
    facts = [asked("all", 1), asked("some", 2, media=("gate", "yard")), asked("open", 3)]
    keep(world.settings, world.database, "reprocess", [*facts, promoted("all", 9), promoted("some", 8)])
    assert world.runs.promoted("gate") == ["all", "some"]
    assert world.runs.promoted("door") == ["all"]
