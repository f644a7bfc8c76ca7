"""Protection the slow way: every hold against every moment, nothing remembered but the facts themselves."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from schemas.facts import FootageDeleted, HoldPlaced, HoldsTicked, ProtectionConfigured, RangeProtected, RangeReleased
from schemas.protection import ProtectConfig

Event = HoldPlaced | ProtectionConfigured | FootageDeleted | HoldsTicked
Told = RangeProtected | RangeReleased
Names = tuple[tuple[str, int], ...]
LISTED = 16


class Range(NamedTuple):
    start_ms: int
    end_ms: int
    holds: Names


class Model:
    """One camera."""

    def __init__(self, media: str, open_ms: int) -> None:
        self.media, self.open_ms = media, open_ms
        self.protect = ProtectConfig()
        self.episodes: dict[int, HoldPlaced] = {}
        self.gone: dict[int, list[tuple[int, int]]] = {}
        self.locks: dict[int, tuple[HoldPlaced, int]] = {}
        self.over: set[int] = set()
        self.boots: dict[str, int] = {}
        self.elapsed_ms = 0

    def take(self, event: Event) -> None:
        if isinstance(event, HoldsTicked):
            self._pass_time(event)
        elif event.media != self.media:
            return
        elif isinstance(event, ProtectionConfigured):
            self.protect = event.protect
        elif isinstance(event, FootageDeleted):
            self._delete(event)
        elif event.hold.kind != "episode":
            self._lock(event)
        elif event.hold.id not in self.episodes or event.rev > self.episodes[event.hold.id].rev:
            self.episodes[event.hold.id] = event
            self._forget_gone(event.hold.id)

    def ranges(self) -> list[Range]:
        """What must be told to be kept."""
        spans = self.spans()
        edges = sorted({edge for start, end, *_ in spans for edge in (start, end)})
        found: list[Range] = []
        for start, end in pairwise(edges):
            there = sorted((first, name, kind) for first, last, kind, name in spans if first <= start and end <= last)
            holds = sorted(
                (kind, name)
                for wanted in ("episode", "export", "lock")
                for kind, name in [(kind, name) for _, name, kind in there if kind == wanted][:LISTED]
            )
            if found and found[-1].end_ms == start and found[-1].holds == tuple(holds):
                found[-1] = found[-1]._replace(end_ms=end)
            elif holds:
                found.append(Range(start, end, tuple(holds)))
        return found

    def spans(self) -> list[tuple[int, int, str, int]]:
        """(start, end, kind, id) of every hold that keeps something."""
        found = [(*self._reach(one), "episode", name) for name, one in self.episodes.items() if self._counts(one)]
        return found + [
            (lock.start_ms, lock.end_ms or 0, lock.hold.kind, name) for name, (lock, _) in self.locks.items()
        ]

    def _counts(self, one: HoldPlaced) -> bool:
        is_wanted = not self.protect.types or one.episode_type in self.protect.types
        return self.protect.enabled and is_wanted and not one.is_void

    def _reach(self, one: HoldPlaced) -> tuple[int, int]:
        end_ms = max(one.start_ms + 1, one.heard_ms + self.open_ms if one.end_ms is None else one.end_ms)
        if one.source == "alarm":
            return one.start_ms, end_ms
        return max(0, one.start_ms - self.protect.before_ms), end_ms + self.protect.after_ms

    def _delete(self, event: FootageDeleted) -> None:
        for name, one in list(self.episodes.items()):
            start_ms, end_ms = self._reach(one)
            if start_ms < event.end_ms and event.start_ms < end_ms:
                self.gone.setdefault(name, []).append((max(start_ms, event.start_ms), min(end_ms, event.end_ms)))
                self._forget_gone(name)

    def _forget_gone(self, name: int) -> None:
        """Forget the hold if each of its moments was deleted."""
        gone = self.gone.get(name, [])
        start_ms, end_ms = self._reach(self.episodes[name])
        edges = sorted({start_ms, end_ms, *(edge for one in gone for edge in one if start_ms < edge < end_ms)})
        pairs = pairwise(edges)
        if all(any(a <= first and last <= b for a, b in gone) for first, last in pairs):
            del self.episodes[name], self.gone[name]

    def _lock(self, event: HoldPlaced) -> None:
        name = event.hold.id
        if event.is_void:
            self.over.add(name)
            self.locks.pop(name, None)
        elif name not in self.over and name not in self.locks:
            self.locks[name] = (event, self.elapsed_ms)

    def _pass_time(self, tick: HoldsTicked) -> None:
        """One machine, whose starts follow each other."""
        self.elapsed_ms += max(0, tick.uptime_ms - self.boots.get(tick.boot_id, tick.uptime_ms))
        self.boots[tick.boot_id] = tick.uptime_ms
        for name, (lock, since_ms) in list(self.locks.items()):
            lasts_ms = None if lock.until_ms is None else max(0, lock.until_ms - lock.heard_ms)
            if lasts_ms is not None and self.elapsed_ms - since_ms >= lasts_ms and tick.observed_ms >= lock.until_ms:  # type: ignore[operator]
                del self.locks[name]
                self.over.add(name)


def assigned(facts: Sequence[Told]) -> list[Range]:
    """What a reader knows who lets each fact say what it says of its stretch, and of nothing else."""
    known: list[Range] = []
    for fact in facts:
        rest = []
        for one in known:
            before = one._replace(end_ms=min(one.end_ms, fact.start_ms))
            after = one._replace(start_ms=max(one.start_ms, fact.end_ms))
            rest += [part for part in (before, after) if part.start_ms < part.end_ms]
        known = rest
        if isinstance(fact, RangeProtected):
            known.append(Range(fact.start_ms, fact.end_ms, tuple((one.kind, one.id) for one in fact.holds)))
    return sorted(known)


def rows(facts: Sequence[Told]) -> list[Range]:
    """What a table knows whose rows are found by their start."""
    known: dict[int, Range] = {}
    for fact in facts:
        for start_ms in (fact.start_ms, *fact.replaces):
            known.pop(start_ms, None)
        if isinstance(fact, RangeProtected):
            holds = tuple((one.kind, one.id) for one in fact.holds)
            known[fact.start_ms] = Range(fact.start_ms, fact.end_ms, holds)
    return sorted(known.values())


def is_covered(known: Sequence[Range], start_ms: int, end_ms: int) -> bool:
    """True when some range keeps every millisecond."""
    at_ms = start_ms
    for one in sorted(known):
        if one.start_ms <= at_ms < one.end_ms:
            at_ms = one.end_ms
    return at_ms >= end_ms
