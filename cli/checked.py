"""What ``sightlog check`` looks at: facts, rows and objects of a live system, listed once each and packed."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from infra import kafka, stretches
from infra.clickhouse import Database
from infra.clock import monotonic_s, now_ms, sleep_s
from infra.objects import ObjectStore, S3Store
from infra.settings import Settings
from projections.generations.reads import ProgressReads
from projections.motion.audit import Group, ScanAudit, ids
from projections.motion.audit import compare as compare_scans
from projections.motion.audit import told as told_scans
from projections.protected_ranges.audit import Range, RangeAudit, standing
from projections.protected_ranges.audit import compare as compare_ranges
from projections.segments.audit import Audit, Stored, Told, compare, excused, touched
from projections.segments.packed import Ints
from schemas import codec
from schemas.errors import BadFact
from schemas.retention import DeletionOrdered

Tell = Callable[[str, int, int], None]
"""Progress, for people: what is read, how many so far, of how many; 0: nobody knows."""
_EVERY, _AT_ONCE = 1000, 500_000
_LOOK_S = 0.1
_COUNTS = "SELECT media, count() AS n FROM {view} GROUP BY media ORDER BY media"
_STARTS = (
    "SELECT {keys}, groupArray(start_ms) AS starts FROM {view} WHERE media IN {{media:Array(String)}} GROUP BY {keys}"
)
_DROPPED = "SELECT run FROM {database}.reprocess_runs WHERE state = 'dropped'"
_RANGES = "SELECT media, start_ms, end_ms, holds FROM {database}.protected_ranges ORDER BY media, start_ms"


class Topic:
    """The facts on a topic, and how far they have been read. What is no fact is the dead letters' business."""

    def __init__(self, settings: Settings, name: str, tell: Tell) -> None:
        self._settings, self._name, self._tell = settings, name, tell
        self._ends = kafka.end_offsets(settings, name)
        self.reached = kafka.begin_offsets(settings, name)

    def facts(self) -> Iterator[Any]:
        """Every one that stands there now."""
        total = sum(self._ends.values()) - sum(self.reached.values())
        for done, record in enumerate(kafka.read_topic(self._settings, self._name), 1):
            self.reached[record.partition] = record.offset + 1
            if done % _EVERY == 0:
                self._tell(f"facts of {self._name}", done, total)
            yield from _fact(self._name, record.value)

    def newer(self) -> Iterator[Any]:
        """Those that came since they were read; asked again, those that came since then."""
        for partition, end in kafka.end_offsets(self._settings, self._name).items():
            begin, self.reached[partition] = self.reached[partition], max(end, self.reached[partition])
            for record in stretches.records(self._settings, self._name, partition, begin, end):
                if record is not None:
                    yield from _fact(self._name, record.value)

    def settle(self, projection: str, patience_s: float) -> None:
        """Wait until the table shows what was read; not for ever."""
        reads, until_s = ProgressReads(self._settings, Database(self._settings)), monotonic_s() + patience_s
        while monotonic_s() < until_s and not reads.has_read(projection, self._name, self.reached):
            sleep_s(_LOOK_S)


class Footage(NamedTuple):
    """What was found of footage: the audit, and what a repair starts from."""

    audit: Audit
    told: Told
    topic: Topic


def footage(settings: Settings, grace_ms: int, patience_s: float, tell: Tell) -> Footage:
    """The audit of a live system. Rows and objects are listed after the facts, so none is missed for being newer."""
    started_ms = now_ms()
    topic = Topic(settings, "segments", tell)
    told = Told(topic.facts())
    stored = _objects(S3Store(settings), told.live.count(), tell)
    topic.settle("segments", patience_s)
    rows = {key: starts for (key,), starts in _rows(settings, "segments", ("media",), tell).items()}
    audit = compare(told, rows, stored, touched(topic.newer()), started_ms - grace_ms)
    if audit.ghosts:
        audit = excused(audit, _orders(settings, started_ms - grace_ms))
    return Footage(audit, told, topic)


def verdicts(settings: Settings, live: Told, patience_s: float, tell: Tell) -> ScanAudit:
    """The audit of what was said of motion, against the segments that stand."""
    database = Database(settings)
    dropped = {row["run"] for row in database.rows(_DROPPED.format(database=settings.database))}
    topic = Topic(settings, "motion", tell)
    scans = told_scans(topic.facts(), dropped)
    topic.settle("motion", patience_s)
    rows: Mapping[Group, Ints] = _rows(settings, "segment_scans", ("media", "run", "detector", "version"), tell)
    return compare_scans(scans, rows, ids(told_scans(topic.newer(), dropped)), live.live)


def ranges(settings: Settings, patience_s: float, tell: Tell) -> RangeAudit:
    """The audit of protected ranges."""
    topic = Topic(settings, "protections", tell)
    told = standing(topic.facts())
    topic.settle("protected_ranges", patience_s)
    rows: dict[str, list[Range]] = defaultdict(list)
    for row in Database(settings).rows(_RANGES.format(database=settings.database)):
        holds = tuple((hold["kind"], hold["id"]) for hold in row["holds"])
        rows[row["media"]].append(Range(row["start_ms"], row["end_ms"], holds))
    return compare_ranges(told, rows, {fact.media for fact in topic.newer()})


def _objects(store: ObjectStore, total: int, tell: Tell) -> Stored:
    found = Stored()
    for done, one in enumerate(store.list("segments/"), 1):
        found.add(one.key, one.size_bytes, one.modified_ms)
        if done % _EVERY == 0:
            tell("objects", done, max(done, total))
    return found


def _rows(settings: Settings, view: str, keys: tuple[str, ...], tell: Tell) -> dict[Any, Ints]:
    """Start of every row of a view, by the values of ``keys``; asked for in parts that fit into memory."""
    database, name = Database(settings), f"{settings.database}.{view}"
    counts = [(row["media"], row["n"]) for row in database.rows(_COUNTS.format(view=name))]
    found: dict[Any, Ints] = {}
    done, total = 0, sum(n for _, n in counts)
    for cameras in _parts(counts):
        sql = _STARTS.format(keys=", ".join(keys), view=name)
        for row in database.rows(sql, {"media": cameras}):
            found[tuple(row[key] for key in keys)] = np.array(row["starts"], np.int64)
            done += len(row["starts"])
        tell(f"rows of {view}", done, max(done, total))
    return found


def _parts(counts: Iterable[tuple[str, int]]) -> Iterator[list[str]]:
    part: list[str] = []
    size = 0
    for media, count in counts:
        part.append(media)
        size += count
        if size >= _AT_ONCE:
            yield part
            part, size = [], 0
    if part:
        yield part


def _orders(settings: Settings, since_ms: int) -> Iterator[DeletionOrdered]:
    """What was ordered lately to go, as far as the broker's own time tells."""
    since = kafka.offsets_since(settings, "expirations", max(0, since_ms))
    for partition, end in kafka.end_offsets(settings, "expirations").items():
        for record in stretches.records(settings, "expirations", partition, since.get(partition, 0), end):
            if record is not None:
                yield from (fact for fact in _fact("expirations", record.value) if isinstance(fact, DeletionOrdered))


def _fact(topic: str, value: bytes | None) -> Collection[Any]:
    try:
        return (codec.decode(topic, value),)
    except BadFact:
        return ()
