"""Protection as a processor: holds, settings, deletions and ticks in, ranges out; the time per partition."""

from infra.settings import Settings
from processors.protection import changes, clock, policy, rules
from processors.protection.shelf import Shelf
from processors.protection.telling import Told
from processors.spec import Processor, States
from schemas import topics
from schemas.facts import FootageDeleted, HoldPlaced, HoldsTicked, ProtectionConfigured
from schemas.intervals import Span

MOVED_AT_ONCE = 10_000
"""Cameras whose locks one tick ends at most; the next tick goes on."""

Fact = HoldPlaced | ProtectionConfigured | FootageDeleted | HoldsTicked


def processor(settings: Settings, version: int = 1) -> Processor:
    """The protected ranges with these settings."""
    open_ms = settings.protect_open_ms

    def fold(fact: Fact, states: States) -> Told:
        return pass_time(fact, states, open_ms) if isinstance(fact, HoldsTicked) else take(fact, states, open_ms)

    return Processor(name="protection", version=version, source=topics.HOLDS, fold=fold, is_vital=True)


def take(fact: HoldPlaced | ProtectionConfigured | FootageDeleted, states: States, open_ms: int) -> Told:
    """What becomes of one fact about a camera. ``open_ms``: an open episode holds so far beyond its last news."""
    shelf = Shelf(states, fact.media)
    if shelf.is_taken():
        return []
    if isinstance(fact, HoldPlaced):
        rules.place(shelf, fact, open_ms, clock.elapsed_ms(states))
    elif isinstance(fact, ProtectionConfigured):
        rules.configure(shelf, fact.protect)
    else:
        rules.forget(shelf, Span(fact.start_ms, fact.end_ms))
    shelf.save(rules.due_ms(shelf.camera))
    return _told(shelf, fact.observed_ms, open_ms)


def pass_time(tick: HoldsTicked, states: States, open_ms: int) -> Told:
    """Locks of the partition whose time is over, ended."""
    elapsed_ms = clock.pass_time(states, tick.boot_id, tick.uptime_ms)
    told: Told = []
    for _, key in states.marked(elapsed_ms, MOVED_AT_ONCE):
        shelf = Shelf(states, key.decode())
        if not shelf.is_taken():
            rules.pass_time(shelf, elapsed_ms, tick.observed_ms)
            shelf.save(rules.due_ms(shelf.camera), may_copy=False)
            told += _told(shelf, tick.observed_ms, open_ms)
    return told


def _told(shelf: Shelf, observed_ms: int, open_ms: int) -> Told:
    return changes.tell(shelf, observed_ms, policy.version(shelf.camera.protect, open_ms))
