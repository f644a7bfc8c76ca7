"""Time passes and the level is told: everything that time or the level decides is decided here.

States are written in an order that makes a crash harmless. The world comes before cameras and remembers what each tick
decided; so a tick that is folded again while the world is ahead decides nothing anew, it only brings cameras along
that had not been written. While the world is not ahead, nothing else is, and the tick decides the same again.
"""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any, TypeAlias

import msgspec
from msgspec import structs

from processors.retention import clock, shares
from processors.retention.camera import Camera, due, tail_key
from processors.retention.looking import Look, Sight, Tick, Told, sight
from processors.retention.making_room import HARD, ROOM, Room
from processors.retention.rules import world as worlds
from processors.retention.rules.footage import NEVER, Tail, rows_of
from processors.retention.rules.terms import Terms
from processors.retention.rules.world import Decided, World
from processors.retention.shares import Glance
from processors.spec import States
from schemas.facts import LevelNoted, Settled, SettlingStarted, StorageExhausted

MOST_CAMERAS = 2000
"""Cameras that one tick looks at because they are due, those that are due longest first; while room is needed, it looks
at as many of the sweep."""
MOST_BYTES = 4 << 20
"""Of decisions that the world remembers: it is one record, of which the log takes twice as much."""
_WORLD = b"/"
"""Before the keys of glances and cameras."""
_worlds = msgspec.msgpack.Decoder(World)
_decided = msgspec.msgpack.Decoder(tuple[Decided, ...])
_encoder = msgspec.msgpack.Encoder()

Made: TypeAlias = tuple[Told, list[Decided]]


def begin_settling(fact: SettlingStarted, states: States, _terms: Terms) -> Sequence[Any]:
    """Nothing is said."""
    world = _world(states)
    if world.at < states.offset:
        _put(states, worlds.settling(world, fact))
    return ()


def settle(fact: Settled, states: States, _terms: Terms) -> Sequence[Any]:
    """Nothing is said: decisions are made at ticks."""
    world = _world(states)
    if world.at < states.offset:
        _put(states, worlds.settled(world, fact))
    return ()


def tick(fact: LevelNoted, states: States, terms: Terms) -> Told:
    """What goes, what is final, and whether people must act."""
    world = _world(states)
    if world.at >= states.offset:
        _bring_along(worlds.decided_at(world, states.offset), states, terms)
        return []
    if fact.src_offset <= world.storage:
        return []
    deciding = Deciding(fact, states, worlds.measured(world, fact), terms)
    told = deciding.told()
    decided = _encoder.encode(deciding.decided) if deciding.decided else b""
    _put(states, worlds.with_decided(deciding.world, states.offset, decided))
    clock.tick(states, deciding.world.elapsed.ms)
    return told


class Deciding:
    """One tick."""

    def __init__(self, level: LevelNoted, states: States, world: World, terms: Terms) -> None:
        self.world = world
        self.decided: list[Decided] = []
        self._level, self._states, self._terms = level, states, terms
        self._now = Tick(states.offset, level.observed_ms, world.elapsed.ms)
        self._bytes_left = MOST_BYTES - worlds.remembered_bytes(world, states.offset)
        self._is_swept = False
        """Nothing is left of what was due when the sweep began."""
        self._cameras: dict[str, Camera] = {}
        self._known: dict[str, Glance] | None = None
        self._touched: set[str] = set()
        """Cameras that were in hand since the glances were brought up to date."""

    def told(self) -> Told:
        """Everything that this tick says, in order."""
        marks, capacity, used = self._terms.marks, self._level.capacity_bytes, self._level.used_bytes
        is_full = used > marks.high * capacity
        if is_full and self._level_bytes(self._glances()) > marks.high * capacity:
            self._change(is_making=True)
        is_pressed = self.world.is_making
        told = self._by_policy(is_pressed)
        if marks.hard and used > marks.hard * capacity:
            told += self._below_hard_cap()
        if is_pressed:
            told += self._make_room()
        if self.world.is_exhausted and not is_full:
            told.append(self._exhausted(is_over=True))
        return told

    def _by_policy(self, is_pressed: bool) -> Told:
        """Cameras that are due by their clocks; when room is needed also those of the sweep, which wait for nothing."""
        sweep = self._sweep() if is_pressed else []
        told: Told = []
        done: set[str] = set()
        for media in dict.fromkeys([*self._due(), *sweep[:MOST_CAMERAS]]):
            look = self._look(media)
            if self._bytes_left > 0:
                look.by_policy(is_pressed=is_pressed)
                look.keep()
                if not look.is_cut:
                    done.add(media)
            else:
                look.order_due()
                look.camera.keep()
            told += look.told
            self._decide(look.decided)
        if is_pressed:
            self._come_on(sweep, done)
        return told

    def _due(self) -> list[str]:
        """Those that are due longest, whatever their partition."""
        found: list[tuple[int, str]] = []
        for partition, at in enumerate(self.world.clocks):
            found += due(self._states, partition, at.ms, MOST_CAMERAS) if at.ms >= 0 else []
        return [media for _, media in sorted(found)[:MOST_CAMERAS]]

    def _sweep(self) -> list[str]:
        """Cameras that had something due when the sweep began and that it has not come to, in the order of names.

        What becomes due meanwhile is left to the next sweep, so each has an end however many cameras there are.
        """
        self.world = world = worlds.sweeping(self.world)
        every = self._glances().items()
        return sorted(media for media, one in every if worlds.is_to_sweep(world, media, one.partition, one.due_ms))

    def _come_on(self, sweep: list[str], done: set[str]) -> None:
        """The sweep has come to the first camera that was not looked at to the end; or it is over."""
        behind = list(takewhile(lambda media: media in done, sweep))
        self._is_swept = len(behind) == len(sweep)
        if self._is_swept:
            self._change(sweep=(), swept="")
        elif behind:
            self._change(swept=behind[-1])

    def _make_room(self) -> Told:
        """Down to the low mark. Nothing of a later rank goes before the sweep is over."""
        glances = self._glances()
        need = self._level_bytes(glances) - self._terms.marks.low * self._level.capacity_bytes
        if need <= 0:
            self._change(is_making=False, sweep=(), swept="")
        if need <= 0 or not self._is_swept:
            return []
        room = self._room(glances, need)
        room.make(ROOM, self._sight, "room")
        return self._finished(room)

    def _below_hard_cap(self) -> Told:
        """Down to the hard cap: what is pending first, then in order, whether or not it is known what protects it."""
        glances = self._glances()
        need = self._level_bytes(glances, is_ordered=True) - self._terms.marks.hard * self._level.capacity_bytes
        told: Told = []
        waiting = sorted((one.pending_ms, media) for media, one in glances.items() if one.pending_bytes)
        for _, media in waiting[:MOST_CAMERAS]:
            if need <= 0:
                return told
            look = self._look(media, self._hard_sight())
            for going in look.camera.head.going:
                if not going.is_ordered and need > 0:
                    look.order(going)
                    need -= going.size_bytes
            look.camera.keep()
            told += look.told
            self._decide(look.decided)
        if need <= 0 or len(waiting) > MOST_CAMERAS:
            return told
        room = self._room(self._glances(), need, self._hard_sight())
        room.make(HARD, lambda _one: self._hard_sight(), "hard_cap")
        return told + self._finished(room)

    def _room(self, glances: dict[str, Glance], need: float, hard: Sight | None = None) -> Room:
        has = {media: one.size_bytes + self._tail_bytes(media) for media, one in glances.items() if one.has_footage}
        return Room(
            glances, has, lambda media, one: self._look(media, hard or self._sight(one)), self._terms, need,
            max(0, self._bytes_left),
        )  # fmt: skip

    def _finished(self, room: Room) -> Told:
        told, decided = room.finish()
        for one in decided:
            self._decide(one)
        is_full = self._level.used_bytes > self._terms.marks.high * self._level.capacity_bytes
        if room.is_short and is_full and not self.world.is_exhausted:
            told.append(self._exhausted(is_over=False))
        return told

    def _decide(self, one: Decided) -> None:
        """It is remembered, where anything was decided."""
        if one.expired or one.ordered or one.looked_ms is not None:
            self.decided.append(one)
            self._bytes_left -= worlds.size_bytes(one)

    def _exhausted(self, *, is_over: bool) -> StorageExhausted:
        """The fact, told once and once when it is over."""
        self._change(is_exhausted=not is_over)
        level = self._level
        locked = [media for media, one in self._glances().items() if one.is_locked]
        return StorageExhausted(
            store=level.store, observed_ms=level.observed_ms, used_bytes=level.used_bytes,
            capacity_bytes=level.capacity_bytes, is_over=is_over,
            locked_bytes=sum(self._look(media).camera.locked_bytes for media in locked),
        )  # fmt: skip

    def _level_bytes(self, glances: dict[str, Glance], *, is_ordered: bool = False) -> int:
        """The measured level less what is going. ``is_ordered``: less only what goes at once.

        What was removed since the last measurement may still be in this one.
        """
        going = sum(one.ordered_bytes + (0 if is_ordered else one.pending_bytes) for one in glances.values())
        gone = sum(one.gone_bytes for one in glances.values() if one.gone_at > self.world.ticks[0])
        return self._level.used_bytes - going - gone

    def _glances(self) -> dict[str, Glance]:
        """All cameras at a glance; read once, which costs as much as looking at twenty."""
        if self._known is None:
            self._known = dict(shares.every(self._states))
        for media in self._touched:
            now = shares.glance(self._cameras[media].head, self._terms.settle_ms)
            self._known.update({media: now} if now else {})
        self._touched.clear()
        return self._known

    def _look(self, media: str, through: Sight | None = None) -> Look:
        camera = self._camera(media)
        at = through or sight(self.world.clock(camera.head.partition), self._terms.settle_ms)
        return Look(camera, at, self._terms, self._now)

    def _tail_bytes(self, media: str) -> int:
        tail = self._states.get(tail_key(media))
        return int(rows_of(Tail.read(tail).packed)["size_bytes"].sum()) if tail else 0

    def _camera(self, media: str) -> Camera:
        if media not in self._cameras:
            self._cameras[media] = Camera(self._states, media, self._terms)
        self._touched.add(media)
        return self._cameras[media]

    def _sight(self, one: Glance) -> Sight:
        return sight(self.world.clock(one.partition), self._terms.settle_ms)

    def _hard_sight(self) -> Sight:
        return Sight(self.world.elapsed.ms, self.world.elapsed.ms, NEVER)

    def _change(self, **fields: Any) -> None:
        self.world = structs.replace(self.world, **fields)


def _bring_along(packed: bytes | None, states: States, terms: Terms) -> None:
    """Cameras that were not written after a tick had decided of them."""
    cameras: dict[str, Camera] = {}
    for one in _decided.decode(packed) if packed else ():
        camera = cameras.get(one.media) or cameras.setdefault(one.media, Camera(states, one.media, terms))
        camera.put_tail_away()
        camera.change(looked_ms=one.looked_ms)
        camera.go(one.expired)
        for expiration_id in one.ordered:
            camera.order(expiration_id)
    for camera in cameras.values():
        camera.keep()


def _world(states: States) -> World:
    stands = states.get(_WORLD)
    return _worlds.decode(stands) if stands else World()


def _put(states: States, world: World) -> None:
    states.put(_WORLD, _encoder.encode(structs.replace(world, at=states.offset)))
