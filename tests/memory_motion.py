"""Verdicts and runs in memory, as the API asks for them: for tests without a database."""

from base64 import b64encode
from collections.abc import Iterable

import msgspec

from api.motion.request import stored
from projections.motion.reads import ScanCounts, ScanSearch, StoredScan
from projections.reprocess.reads import Progress, RunPlace, State, StoredRun
from schemas.facts import (
    ReprocessCompleted,
    ReprocessDropped,
    ReprocessPromoted,
    ReprocessRequested,
    ReprocessStarted,
    RunFact,
    SegmentScanned,
)
from tests.scan_facts import motion_ms


def _energies(fact: SegmentScanned, cells: Iterable[int]) -> list[int]:
    numbers = list(cells)
    return [max(one.grid[cell] for cell in numbers) if one.grid else 0 for one in fact.looks]


class MemoryMotion:
    """Verdicts taken in one after another."""

    def __init__(self) -> None:
        self.all: list[SegmentScanned] = []
        self.unscanned = 0

    def scans(
        self, search: ScanSearch, limit: int, after_ms: int | None = None, looks: bool = False
    ) -> list[StoredScan]:
        found = [
            one
            for one in self._counting(search)
            if one.start_ms > (-1 if after_ms is None else after_ms)
            and one.verdict in (search.verdicts or (one.verdict,))
            and (not search.cells or max(_energies(one, search.cells), default=0) >= search.min_energy)
        ]
        return [self._shown(one, looks, search.cells) for one in found[:limit]]

    def counts(self, search: ScanSearch) -> ScanCounts:
        found = [
            one.verdict if one.level != "none" or one.verdict != "still" else "off" for one in self._counting(search)
        ]
        told = {name: found.count(name) for name in ("motion", "still", "unreadable", "off")}
        return ScanCounts(unscanned=self.unscanned, **told)

    def _counting(self, search: ScanSearch) -> list[SegmentScanned]:
        best: dict[int, SegmentScanned] = {}
        for run in reversed(search.runs):
            best |= {one.start_ms: one for one in self.all if one.media == search.media and one.run == run}
        span = search.span
        return [best[at] for at in sorted(best) if best[at].from_ms < span.end_ms and best[at].end_ms > span.start_ms]

    def _shown(self, fact: SegmentScanned, looks: bool, cells: tuple[int, ...]) -> StoredScan:
        told = {name: getattr(fact, name) for name in SegmentScanned.__struct_fields__}
        told |= {
            "from_ms": fact.from_ms, "preview_key": fact.preview_key or "",
            "parameters": msgspec.json.encode(fact.parameters).decode(),
            "motion_ms": motion_ms(fact),
            "score": max((one.score for one in (*fact.looks, *fact.spans)), default=0),
        }  # fmt: skip
        if looks or cells:
            told |= {"look_ms": tuple(one.at_ms for one in fact.looks)}
        if looks:
            told |= {"look_level": tuple(one.level for one in fact.looks)}
            told |= {"look_score": tuple(one.score for one in fact.looks)}
            told |= {"grids": tuple(b64encode(one.grid).decode() for one in fact.looks)}
        told |= {"seen": tuple(_energies(fact, cells))} if cells else {}
        return StoredScan(**{name: told[name] for name in StoredScan.__struct_fields__ if name in told})


class MemoryRuns:
    """Runs as their facts make them."""

    def __init__(self) -> None:
        self.all: dict[str, StoredRun] = {}
        self.done: dict[str, int] = {}
        """Run → records done, what a test says."""

    def show(self, fact: RunFact) -> None:
        if isinstance(fact, ReprocessRequested):
            self.all.setdefault(fact.run, stored(fact))
        elif isinstance(fact, ReprocessStarted):
            self._change(fact, state="running", begun_ms=fact.observed_ms, topic=fact.topic, stretches=fact.stretches)
        elif isinstance(fact, ReprocessCompleted) and fact.step == "looked":
            self._change(fact, state="done", looked_ms=fact.observed_ms)
        elif isinstance(fact, ReprocessCompleted):
            self._change(fact, state="promoted", applied_ms=fact.observed_ms)
        elif isinstance(fact, ReprocessPromoted):
            self._change(fact, state="promoting", promoted_ms=fact.observed_ms, promoted_by=fact.by)
        elif isinstance(fact, ReprocessDropped):
            self._change(fact, state="dropped", dropped_ms=fact.observed_ms, dropped_by=fact.by)

    def _change(self, fact: RunFact, **changes: object) -> None:
        self.all[fact.run] = msgspec.structs.replace(self.all[fact.run], **changes)

    def page(self, limit: int, after: RunPlace | None = None, state: State | None = None) -> list[StoredRun]:
        found = sorted(self.all.values(), key=lambda one: one.place, reverse=True)
        return [one for one in found if state in (None, one.state) and (after is None or one.place < after)][:limit]

    def get(self, run: str) -> StoredRun | None:
        return self.all.get(run)

    def promoted(self, media: str) -> list[str]:
        counts = [one for one in self.all.values() if one.state in ("promoting", "promoted")]
        about = [one for one in counts if not one.media or media in one.media]
        return [one.run for one in sorted(about, key=lambda one: (one.promoted_ms or 0, one.run), reverse=True)]

    def progress(self, run: StoredRun) -> Progress | None:
        if run.begun_ms is None:
            return None
        records = sum(one.end - one.begin for one in run.stretches)
        return Progress(records, records if run.looked_ms is not None else self.done.get(run.run, 0))
