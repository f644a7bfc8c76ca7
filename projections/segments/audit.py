"""Does what the facts say, what the table says and what the store holds agree? Pure comparison for `sightlog check`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from urllib.parse import unquote

import numpy as np

from projections.segments.packed import GONE, Ints, Ledger, missing
from schemas.facts import RecordingGap, SegmentRecorded, SegmentsDeleted
from schemas.media import segment_key
from schemas.retention import DeletionOrdered

SegmentFact = SegmentRecorded | RecordingGap | SegmentsDeleted


class SegmentId(NamedTuple):
    """What makes a segment unique."""

    media: str
    start_ms: int


@dataclass(frozen=True, kw_only=True)
class Audit:
    """Every disagreement, each list in (media, start) or key order. Nothing in any: the archive is whole."""

    facts: int = 0
    rows: int = 0
    objects: int = 0
    going: int = 0
    """Segments whose object was just deleted and whose fact is on its way."""
    rows_missing: list[SegmentId] = field(default_factory=list)
    """A fact without its row (the projection may only be behind)."""
    rows_without_fact: list[SegmentId] = field(default_factory=list)
    rows_doubled: list[SegmentId] = field(default_factory=list)
    ghosts: list[SegmentId] = field(default_factory=list)
    """A fact whose object is missing."""
    damaged: list[SegmentId] = field(default_factory=list)
    """A fact whose object has another size: footage that would not play, or not to its end."""
    orphans: list[str] = field(default_factory=list)
    """Objects older than the grace that no fact names."""

    @property
    def is_whole(self) -> bool:
        """True when facts, rows and objects agree."""
        rows = self.rows_missing or self.rows_without_fact or self.rows_doubled
        return not (rows or self.ghosts or self.damaged or self.orphans)


class Told:
    """The segments that should exist after all facts, given in the order of the topic."""

    def __init__(self, facts: Iterable[SegmentFact] = ()) -> None:
        self.live: Ledger[str] = Ledger(3)
        """By media: start, end, bytes."""
        self.elsewhere: dict[SegmentId, str] = {}
        """Keys of objects that are not where our own writers put them."""
        for fact in facts:
            self.add(fact)

    def add(self, fact: SegmentFact) -> None:
        """One more fact."""
        if isinstance(fact, SegmentRecorded):
            at = SegmentId(fact.media, fact.start_ms)
            self.elsewhere.pop(at, None)
            if fact.object_key != segment_key(*at):
                self.elsewhere[at] = fact.object_key
            self.live.say(fact.media, fact.start_ms, fact.end_ms, fact.size_bytes)
        elif isinstance(fact, SegmentsDeleted):
            for start_ms in fact.segment_starts_ms:
                self.elsewhere.pop(SegmentId(fact.media, start_ms), None)
                self.live.say(fact.media, start_ms, start_ms, GONE)

    def ids(self) -> set[SegmentId]:
        """Every one of them; a large set."""
        return {SegmentId(media, start_ms) for media in self.live for start_ms in self.live.of(media)[:, 0].tolist()}


class Stored:
    """The objects that stand."""

    def __init__(self) -> None:
        self.found: Ledger[str] = Ledger(3)
        """By media: start, bytes, when it was put."""
        self.strange: dict[str, tuple[int, int]] = {}
        """Objects where our own writers put none: key → bytes, when it was put."""

    def add(self, key: str, size_bytes: int, modified_ms: int) -> None:
        """One more object."""
        at = _named(key)
        if at is None:
            self.strange[key] = size_bytes, modified_ms
        else:
            self.found.say(at.media, at.start_ms, size_bytes, max(0, modified_ms))

    def count(self) -> int:
        """How many."""
        return self.found.count() + len(self.strange)


def touched(facts: Iterable[SegmentFact]) -> set[SegmentId]:
    """The segments that these facts speak of."""
    found: set[SegmentId] = set()
    for fact in facts:
        if isinstance(fact, SegmentRecorded):
            found.add(SegmentId(fact.media, fact.start_ms))
        elif isinstance(fact, SegmentsDeleted):
            found.update(SegmentId(fact.media, start_ms) for start_ms in fact.segment_starts_ms)
    return found


def compare(told: Told, rows: Mapping[str, Ints], stored: Stored, newer: set[SegmentId], grace_before_ms: int) -> Audit:
    """Compare facts, rows (by media the start of every row, in any order) and objects.

    ``newer``: segments that facts spoke of while rows and objects were listed; nothing is said of them. An object put
    at or after ``grace_before_ms`` may still be on its way to a fact: no orphan.
    """
    strange, away = dict(stored.strange), defaultdict[str, list[int]](list)
    for at in told.elsewhere:
        away[at.media].append(at.start_ms)
    audit = Audit(
        facts=told.live.count(), rows=sum(len(np.unique(starts)) for starts in rows.values()), objects=stored.count()
    )
    for media in sorted({*told.live, *rows, *stored.found}):
        live, found = told.live.of(media), stored.found.of(media)
        _compare_rows(audit, media, live[:, 0], rows.get(media, live[:0, 0]))
        _compare_objects(audit, media, live[~np.isin(live[:, 0], away[media])], found, grace_before_ms)
    for at, key in told.elsewhere.items():
        size_bytes = _size(told.live.of(at.media), at.start_ms)
        stands = strange.pop(key, None)
        if stands is None or stands[0] != size_bytes:
            (audit.ghosts if stands is None else audit.damaged).append(at)
    audit.orphans.extend(key for key, (_, modified_ms) in strange.items() if modified_ms < grace_before_ms)
    return _without(audit, newer)


def excused(audit: Audit, orders: Iterable[DeletionOrdered]) -> Audit:
    """The audit without the ghosts that these orders, not yet told as carried out, have just made."""
    going = {SegmentId(order.media, start_ms) for order in orders for start_ms in order.segment_starts_ms}
    ghosts = [at for at in audit.ghosts if at not in going]
    return replace(audit, ghosts=ghosts, going=len(audit.ghosts) - len(ghosts))


def _compare_rows(audit: Audit, media: str, starts: Ints, rows: Ints) -> None:
    seen, times = np.unique(rows, return_counts=True)
    audit.rows_missing.extend(SegmentId(media, at) for at in missing(starts, seen))
    audit.rows_without_fact.extend(SegmentId(media, at) for at in missing(seen, starts))
    audit.rows_doubled.extend(SegmentId(media, at) for at in seen[times > 1].tolist())


def _compare_objects(audit: Audit, media: str, live: Ints, found: Ints, grace_before_ms: int) -> None:
    audit.ghosts.extend(SegmentId(media, at) for at in missing(live[:, 0], found[:, 0]))
    _, ours, theirs = np.intersect1d(live[:, 0], found[:, 0], assume_unique=True, return_indices=True)
    is_other = live[ours, 2] != found[theirs, 1]
    audit.damaged.extend(SegmentId(media, at) for at in live[ours, 0][is_other].tolist())
    old = found[found[:, 2] < grace_before_ms, 0]
    audit.orphans.extend(segment_key(media, at) for at in missing(old, live[:, 0]))


def _without(audit: Audit, newer: set[SegmentId]) -> Audit:
    def kept(found: list[SegmentId]) -> list[SegmentId]:
        return sorted(at for at in found if at not in newer)

    keys = {segment_key(*at) for at in newer}
    return replace(
        audit, rows_missing=kept(audit.rows_missing), rows_without_fact=kept(audit.rows_without_fact),
        ghosts=kept(audit.ghosts), damaged=kept(audit.damaged),
        orphans=sorted(key for key in audit.orphans if key not in keys),
    )  # fmt: skip


def _size(live: Ints, start_ms: int) -> int:
    return int(live[np.searchsorted(live[:, 0], start_ms), 2])


def _named(key: str) -> SegmentId | None:
    """The segment whose object has this key, when it is exactly the key that our own writers would give it."""
    parts = key.split("/")
    stem = parts[-1].removesuffix(".mp4")
    if len(parts) != 6 or not (stem.isascii() and stem.isdigit()):
        return None
    at = SegmentId(unquote(parts[1]), int(stem))
    return at if segment_key(*at) == key else None
