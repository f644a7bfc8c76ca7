"""What is known of all cameras together: what has elapsed, what is settled, the level, and what was just decided. Pure.

A camera's clock is its settled time: what had elapsed when the last round began that says something of its partition.
What stood on any topic then is judged, and what came of it is known. So a camera whose marks are late stands still.
"""

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct, structs

from processors.retention.rules.footage import ints
from processors.retention.rules.standing import Going
from schemas.elapsed import Elapsed, pass_time
from schemas.facts import LevelNoted, Settled, SettlingStarted

ROUNDS_KEPT = 64
"""Rounds remembered, those that ended among them: one that is told again begins no second time."""
WINDOW = 50_000
"""Facts back to which what a tick decided is remembered: more than a worker folds between two commits."""

_SEGMENT_BYTES, _DECISION_BYTES = 16, 200
"""Of what is remembered: each segment of a decision, and the rest of it at most."""


class Clock(NamedTuple):
    """What has settled of one partition of ``segments``."""

    segments_end: int = 0
    """Segments at smaller offsets are judged."""
    ms: int = -1
    """What had elapsed when that was asked for."""


class Decided(Struct, frozen=True, array_like=True):
    """What one tick decided of one camera."""

    media: str
    expired: tuple[Going, ...] = ()
    ordered: tuple[int, ...] = ()
    looked_ms: int | None = None
    """See ``Head``."""


class Ticked(Struct, frozen=True, array_like=True):
    """What one tick decided."""

    offset: int
    decided: bytes
    """Packed; read only when the tick is folded again."""


class World(Struct, frozen=True, kw_only=True, array_like=True):
    """All cameras. New fields go last, with a default."""

    at: int = -1
    """Offset of the last fact folded into this state."""
    storage: int = -1
    """Offset of the last measurement taken."""
    elapsed: Elapsed = Elapsed()
    rounds: Mapping[int, int] = {}
    """Id of a round of settling → what had elapsed when it began; in the order in which they began."""
    clocks: tuple[Clock, ...] = ()
    """By partition of ``segments``."""
    is_making: bool = False
    """Room is being made: the level has passed the high mark and is not yet at the low one."""
    is_exhausted: bool = False
    """People were told, and not yet that it is over."""
    ticks: tuple[int, int] = (-1, -1)
    """Offsets of the last tick and of the one before."""
    recent: tuple[Ticked, ...] = ()
    sweep: tuple[int, ...] = ()
    """Clocks by partition when the sweep began: what was due then goes before anything protected. None: no sweep."""
    swept: str = ""
    """The camera, in the order of names, up to which the sweep has come."""

    def clock(self, partition: int) -> Clock:
        """The clock of the cameras of a partition."""
        return self.clocks[partition] if 0 <= partition < len(self.clocks) else Clock()


def measured(world: World, level: LevelNoted) -> World:
    """The world once a measurement told how much time has passed."""
    return structs.replace(
        world, storage=level.src_offset, elapsed=pass_time(world.elapsed, level.boot_id, level.uptime_ms)
    )


def settling(world: World, fact: SettlingStarted) -> World:
    """The world once a round has begun."""
    if fact.settle_id in world.rounds:
        return world
    rounds = [*world.rounds.items(), (fact.settle_id, world.elapsed.ms)][-ROUNDS_KEPT:]
    return structs.replace(world, rounds=dict(rounds))


def settled(world: World, fact: Settled) -> World:
    """The world once a round has ended. Of one that nobody saw begin nothing follows, nor of one that began no later,
    by the ticks, than another that has ended: a clock says one thing of one moment."""
    if (began_ms := world.rounds.get(fact.settle_id)) is None:
        return world
    clocks = [world.clock(partition) for partition in range(max(len(world.clocks), len(fact.segment_ends)))]
    for partition, end in enumerate(fact.segment_ends):
        if end >= 0 and began_ms > clocks[partition].ms:
            clocks[partition] = Clock(end, began_ms)
    return structs.replace(world, clocks=tuple(clocks))


def decided_at(world: World, offset: int) -> bytes | None:
    """What the tick at this place decided; None: it decided nothing, or too long ago."""
    return next((one.decided for one in world.recent if one.offset == offset), None)


def sweeping(world: World) -> World:
    """The world in which a sweep is under way: the one that began at some tick, or one that begins now."""
    return world if world.sweep else structs.replace(world, sweep=tuple(clock.ms for clock in world.clocks), swept="")


def is_to_sweep(world: World, media: str, partition: int, due_ms: int) -> bool:
    """Whether a camera had something due when the sweep began, which has not come to it."""
    return media > world.swept and 0 <= partition < len(world.sweep) and due_ms <= world.sweep[partition]


def size_bytes(decided: Decided) -> int:
    """About what it takes to remember that, and no less."""
    segments = sum(len(ints(one.starts)) for one in decided.expired)
    return decided_bytes(len(decided.expired), segments) + decided_bytes(1, len(decided.ordered))


def decided_bytes(decisions: int, segments: int) -> int:
    """About what so many decisions of so many segments in all take, and no less."""
    return _DECISION_BYTES * decisions + _SEGMENT_BYTES * segments


def remembered_bytes(world: World, offset: int) -> int:
    """What the decisions of former ticks take when this fact is folded."""
    return sum(len(one.decided) for one in world.recent if one.offset > offset - WINDOW)


def with_decided(world: World, offset: int, decided: bytes) -> World:
    """The world that remembers what a tick has decided."""
    kept = tuple(one for one in world.recent if one.offset > offset - WINDOW)
    recent = (*kept, Ticked(offset, decided)) if decided else kept
    return structs.replace(world, at=offset, ticks=(offset, world.ticks[0]), recent=recent)
