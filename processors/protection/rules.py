"""One camera's holds and what becomes of them: a fact → what the shelf holds then. Pure.

Of a hold the highest version counts, whatever comes when; what is told again changes nothing.
"""

from collections.abc import Collection

from msgspec import structs

from processors.protection.policy import cover, locked, reach
from processors.protection.shelf import Shelf
from processors.protection.standing import QUARTER, Away, Camera, Kept, Lock, Place, home_of, place_of
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


def configure(shelf: Shelf, protect: ProtectConfig) -> None:
    """Other settings, for the holds that stand and those to come. The last ones on the partition count."""
    was = shelf.camera.protect
    if protect == was:
        return
    for hold in shelf.everything():
        before, after = cover(hold, was), cover(hold, protect)
        if before != after:
            shelf.removed += [before] if before else []
            shelf.added += [after] if after else []
    shelf.camera = structs.replace(shelf.camera, protect=protect)


def forget(shelf: Shelf, deleted: Span) -> None:
    """Footage is gone: holds of episodes that keep nothing else are forgotten. Locks stay."""
    for at, hold in shelf.holds(deleted):
        gone = union([*hold.gone, *intersect([reach(hold, shelf.camera.protect)], [deleted])])
        if gone != list(hold.gone):
            _lay(shelf, at, hold, structs.replace(hold, gone=tuple(gone)))


def pass_time(shelf: Shelf, elapsed_ms: int, now_ms: int) -> None:
    """Locks end whose time is over by both clocks: the one that people read, and the one that nobody can set."""
    end_locks(shelf, [one.id for one in shelf.camera.locks if _is_over(one, elapsed_ms, now_ms)])


def end_locks(shelf: Shelf, ids: Collection[int]) -> None:
    """These locks and exports are over, whether they stood or not: one that is placed later is over already."""
    over = [one for one in shelf.camera.locks if one.id in ids]
    news = [one for one in ids if one not in shelf.camera.ended]
    if over or news:
        left = tuple(one for one in shelf.camera.locks if one.id not in ids)
        ended = (*shelf.camera.ended, *news)[-MOST_ENDED:]
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
    away = shelf.away(home, fact.hold.id)
    at = away.place if away else home
    was = shelf.find(at, fact.hold.id)
    if was is None or was.rev < fact.rev:
        _lay(shelf, at, was, _kept(fact, home, open_ms, was.gone if was else ()))


def _lay(shelf: Shelf, at: Place, was: Kept | None, now: Kept) -> None:
    """Let a hold that lay at a place lie where it belongs now; nowhere, if all of it was deleted."""
    home, is_gone = Place(QUARTER, now.home), covers(now.gone, reach(now, shelf.camera.protect))
    to = home if is_gone else place_of(home, Span(now.start_ms, now.end_ms))
    stays = None if is_gone else now
    if at == to:
        shelf.lay(at, was, stays)
    else:
        if was:
            shelf.lay(at, was, None)
        if stays:
            shelf.lay(to, None, stays)
    shelf.point(home, shelf.away(home, now.id), Away(now.id, now.rev, to) if to != home else None)


def _kept(fact: HoldPlaced, home: Place, open_ms: int, gone: tuple[Span, ...]) -> Kept:
    end_ms = fact.heard_ms + open_ms if fact.end_ms is None else fact.end_ms
    return Kept(
        fact.hold.id, fact.rev, fact.start_ms, max(end_ms, fact.start_ms + 1), fact.episode_type,
        fact.source != MARGINS_INSIDE, fact.is_void, home.number, gone,
    )  # fmt: skip
