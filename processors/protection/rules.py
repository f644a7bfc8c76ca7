"""One camera's holds and what becomes of them: a fact → what the shelf holds then, and what is told. Pure.

Of a hold the highest version counts, whatever comes when; what is told again changes nothing. Each rule looks at a box
on its own, so that it ends in the same when a crash kept some boxes and others not.
"""

from collections.abc import Collection

from msgspec import structs

from processors.protection.policy import cover, locked, reach
from processors.protection.shelf import Shelf
from processors.protection.standing import QUARTER, SERIES, Away, Camera, Kept, Lock, Place, home_of, place_of
from schemas.facts import HoldPlaced
from schemas.intervals import Span, covers, intersect, union
from schemas.protection import ProtectConfig

MOST_ENDED = 256
"""Locks that are over and by which one that is told again is known."""
MARGINS_INSIDE = "alarm"
"""The source whose marks bring their own margins."""


def place(shelf: Shelf, fact: HoldPlaced, open_ms: int, elapsed_ms: int) -> None:
    """A hold as it stands now. ``open_ms``: how far an open episode holds beyond its last news."""
    if fact.hold.kind == "episode":
        _place_episode(shelf, fact, open_ms)
    elif fact.is_void:
        end_locks(shelf, (fact.hold.id,))
    elif fact.hold.id not in shelf.camera.ended and all(one.id != fact.hold.id for one in shelf.camera.locks):
        _place_lock(shelf, fact, elapsed_ms)


def configure(shelf: Shelf, protect: ProtectConfig, offset: int) -> None:
    """Other settings, for the holds that stand and those to come. The last ones on the partition count."""
    was = shelf.camera.protect
    if offset <= shelf.camera.configured_at or protect == was:
        return
    for hold in shelf.everything():
        before, after = cover(hold, was), cover(hold, protect)
        if before != after:
            shelf.removed += [before] if before else []
            shelf.added += [after] if after else []
    shelf.camera = structs.replace(shelf.camera, protect=protect, configured_at=offset)


def forget(shelf: Shelf, deleted: Span) -> None:
    """Footage is gone: holds of episodes that keep nothing else are forgotten. Locks stay."""
    for at, hold in shelf.holds(deleted):
        whole = reach(hold, shelf.camera.protect)
        gone = union([*(Span(*one) for one in hold.gone), *intersect([whole], [deleted])])
        if covers(gone, whole):
            shelf.lay(at, hold.id, None)
            shelf.forget(Place(QUARTER, hold.home), hold.id)
        else:
            shelf.lay(at, hold.id, structs.replace(hold, gone=tuple(gone)))
    for home, away in shelf.lost(deleted):
        shelf.forget(home, away.id)


def pass_time(shelf: Shelf, elapsed_ms: int, now_ms: int) -> None:
    """Locks end whose time is over by both clocks: the one that people read, and the one that nobody can set."""
    end_locks(shelf, [one.id for one in shelf.camera.locks if _is_over(one, elapsed_ms, now_ms)])


def end_locks(shelf: Shelf, ids: Collection[int]) -> None:
    """These locks and exports are over, whether they stood or not: one that is placed later is over already."""
    over = [one for one in shelf.camera.locks if one.id in ids]
    known = [one for one in ids if one not in shelf.camera.ended]
    if over or known:
        left = tuple(one for one in shelf.camera.locks if one.id not in ids)
        ended = (*shelf.camera.ended, *known)[-MOST_ENDED:]
        shelf.camera = structs.replace(shelf.camera, locks=left, ended=ended)
        shelf.removed += map(locked, over)


def due_ms(camera: Camera) -> int | None:
    """The elapsed time from which on a lock of the camera may end; None: none ends by itself."""
    return min((one.due_ms for one in camera.locks if one.due_ms is not None), default=None)


def _is_over(lock: Lock, elapsed_ms: int, now_ms: int) -> bool:
    if lock.until_ms is None or lock.due_ms is None:
        return False
    return lock.until_ms <= now_ms and lock.due_ms <= elapsed_ms


def _place_lock(shelf: Shelf, fact: HoldPlaced, elapsed_ms: int) -> None:
    end_ms = fact.start_ms if fact.end_ms is None else fact.end_ms
    lasts_ms = None if fact.until_ms is None else max(0, fact.until_ms - fact.heard_ms)
    lock = Lock(
        fact.hold.kind, fact.hold.id, fact.start_ms, max(end_ms, fact.start_ms + 1), fact.until_ms,
        None if lasts_ms is None else elapsed_ms + lasts_ms,
    )  # fmt: skip
    shelf.camera = structs.replace(shelf.camera, locks=(*shelf.camera.locks, lock))
    shelf.added.append(locked(lock))


def _place_episode(shelf: Shelf, fact: HoldPlaced, open_ms: int) -> None:
    home = home_of(fact.start_ms if fact.opened_ms is None else fact.opened_ms)
    stands: Kept | Away | None = shelf.find(home, fact.hold.id) or shelf.away(home, fact.hold.id)
    if _is_old(shelf, fact, home, stands):
        return
    hold = _kept(fact, home, open_ms, stands.at if stands and stands.rev == fact.rev else shelf.offset)
    at = place_of(home, Span(hold.start_ms, hold.end_ms))
    shelf.reveal(home.series, *([at.series] if at.level == SERIES else []))
    places = tuple(one for one in (stands.places if stands else ()) if one != at) + ((at,) if at != home else ())
    hold = structs.replace(hold, places=places)
    for one in (home, *map(Place._make, places)):
        shelf.lay(one, hold.id, hold if one == at else None)
    shelf.point(home, hold.id, Away(hold.id, hold.rev, hold.at, places) if at != home else None)


def _is_old(shelf: Shelf, fact: HoldPlaced, home: Place, stands: Kept | Away | None) -> bool:
    """True where a newer version stands, or where a later fact has spoken: then this one is folded again."""
    if stands is None:
        return shelf.offset <= shelf.forgot_at(home)
    return stands.rev > fact.rev or stands.at > shelf.offset


def _kept(fact: HoldPlaced, home: Place, open_ms: int, at: int) -> Kept:
    end_ms = fact.heard_ms + open_ms if fact.end_ms is None else fact.end_ms
    return Kept(
        fact.hold.id, fact.rev, fact.start_ms, max(end_ms, fact.start_ms + 1), fact.episode_type,
        fact.source != MARGINS_INSIDE, fact.is_void, home.number, at,
    )  # fmt: skip
