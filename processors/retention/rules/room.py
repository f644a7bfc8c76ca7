"""Room is needed (rule 5.4): what goes, of which camera, in the one order, until enough was found. Pure."""

from collections.abc import Callable, Iterable, Iterator
from heapq import heapify, heappop, heappush
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from processors.retention.rules.footage import NEVER, NO_ROWS, Rows, without
from processors.retention.rules.order import BEYOND, HELD, HELD_WITHIN, WITHIN


class Front(NamedTuple):
    """A camera that may have something to give: nothing of it was stored earlier than this."""

    stored_ms: int
    media: str


class Camera(NamedTuple):
    """What one camera has: rows that may go, the rank of each, and all its bytes."""

    media: str
    rows: Rows
    ranks: NDArray[np.int8]
    size_bytes: int


Taken = tuple[str, int, Rows]
"""Media, rank, and what goes of it."""


Turn = Callable[[str, int], tuple[Rows, int]]
"""A camera and a step → its rows that were stored in it, and when at the earliest the next was stored; NEVER: none."""


def oldest_first(fronts: Iterable[Front], turn: Turn, step_ms: int) -> Iterator[tuple[str, Rows]]:
    """(media, rows) of all cameras: the earliest step of ``stored_ms`` first, in it by media, then by start.

    A camera is asked when its turn may have come, and may have nothing; who stops asks no more of them.
    """
    heap = [(front.stored_ms // step_ms, front.media) for front in fronts]
    heapify(heap)
    while heap:
        step, media = heappop(heap)
        rows, next_ms = turn(media, step)
        if next_ms < NEVER:
            heappush(heap, (next_ms // step_ms, media))
        yield media, rows


def in_step(rows: Rows, step: int, step_ms: int) -> tuple[Rows, int]:
    """See ``Turn``, of a camera all of whose rows are at hand."""
    steps = rows["stored_ms"] // step_ms
    return rows[steps == step], int(rows["stored_ms"][steps > step].min(initial=NEVER))


def fair_share(has_bytes: Iterable[float], need_bytes: float) -> float:
    """Bytes of each camera when all that footage keeps, once room was made, is divided among those that have some.

    What else lies in the store is nobody's share. ``has_bytes``: of each camera, without what is going.
    """
    filled = [size for size in has_bytes if size > 0]
    return max(0, sum(filled) - need_bytes) / max(1, len(filled))


def prefix(rows: Rows, need_bytes: int) -> Rows:
    """As few of the rows, from the first on, as have so many bytes; all when they have less."""
    reached = np.cumsum(rows["size_bytes"])
    return rows[: int(np.searchsorted(reached, need_bytes, "left")) + 1] if need_bytes > 0 else NO_ROWS


def make_room(cameras: Iterable[Camera], need_bytes: int, share_bytes: int, step_ms: int) -> list[Taken]:
    """What goes, in order, until ``need_bytes`` are found: rank by rank, and of what is protected beyond depth first
    that of cameras that have more than their share, down to it."""
    known = {camera.media: camera for camera in cameras}
    sizes = {media: camera.size_bytes for media, camera in known.items()}
    taken: list[Taken] = []
    gone: dict[str, int] = dict.fromkeys(known, 0)
    for rank, is_fair in ((BEYOND, False), (HELD, True), (HELD, False), (WITHIN, False), (HELD_WITHIN, False)):
        left = {media: _left(camera, rank, taken) for media, camera in known.items()}
        fronts = [Front(int(rows["stored_ms"].min()), media) for media, rows in left.items() if len(rows)]
        turns = oldest_first(fronts, lambda media, step, left=left: in_step(left[media], step, step_ms), step_ms)  # type: ignore[misc]
        for media, rows in turns:
            most = sizes[media] - gone[media] - share_bytes if is_fair else need_bytes
            if len(found := prefix(rows, min(most, need_bytes))):
                taken.append((media, rank, found))
                gone[media] += int(found["size_bytes"].sum())
                need_bytes -= int(found["size_bytes"].sum())
            if need_bytes <= 0:
                return taken
    return taken


def _left(camera: Camera, rank: int, taken: list[Taken]) -> Rows:
    """The rows of a rank that were not taken yet."""
    rows: Rows = camera.rows[camera.ranks == rank]
    for media, _, found in taken:
        if media == camera.media:
            rows = without(rows, found["start_ms"])
    return rows
