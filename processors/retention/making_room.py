"""Room is made across all cameras, in the one order of rule 5.4, a bounded part of it at each tick."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from processors.retention.looking import Look, Sight, Told
from processors.retention.rules.footage import NEVER, NO_ROWS, Rows, without
from processors.retention.rules.order import BEYOND, HELD, HELD_WITHIN, WITHIN, ranked
from processors.retention.rules.room import Front, fair_share, in_step, oldest_first, prefix
from processors.retention.rules.stretches import stretches
from processors.retention.rules.terms import Terms
from processors.retention.rules.world import Decided, decided_bytes
from processors.retention.shares import Glance
from schemas.retention import ExpiryReason

MOST_CAMERAS = 1000
"""Cameras that one tick reads to make room; the next sweep goes on, with the same order before it."""

Turned = tuple[int, bool]
"""A rank, and whether only cameras above their fair share give."""
ROOM: tuple[Turned, ...] = ((HELD, True), (HELD, False), (WITHIN, False), (HELD_WITHIN, False))
"""What is unprotected beyond depth goes before all of it, by its camera's own policy."""
HARD: tuple[Turned, ...] = ((BEYOND, False), *ROOM)


class Room:
    """One tick's search for room. ``has_bytes``: what each camera has that is not going. ``look``: opens a camera.
    ``need_bytes``: what is still to be found. ``most_bytes``: of what is remembered of it."""

    def __init__(
        self, glances: Mapping[str, Glance], has_bytes: Mapping[str, int], look: Callable[[str, Glance], Look],
        terms: Terms, need_bytes: float, most_bytes: int,
    ) -> None:  # fmt: skip
        self.need_bytes = math.ceil(need_bytes)
        self._glances, self._has_bytes, self._look, self._terms = glances, has_bytes, look, terms
        self._share_bytes = fair_share(has_bytes.values(), need_bytes)
        self._looks: dict[str, Look] = {}
        self._taken: defaultdict[str, list[tuple[int, Rows]]] = defaultdict(list)
        self._given: defaultdict[str, int] = defaultdict(int)
        self._most_bytes = most_bytes
        self._is_cut = most_bytes <= 0
        self.is_short = False
        """What is beyond depth did not suffice: people must act."""

    def make(self, turns: tuple[Turned, ...], sight_of: Callable[[Glance], Sight], reason: ExpiryReason) -> None:
        """Choose in order until enough is found or too many cameras were read, then decide."""
        any_of = {one.partition: one for one in self._glances.values()}
        sights = {partition: sight_of(one) for partition, one in any_of.items()}
        for rank, is_fair in turns:
            if self.need_bytes <= 0 or self._is_cut:
                break
            self.is_short |= rank == WITHIN
            self._choose(rank, is_fair, sights)
        for media, taken in self._taken.items():
            self._looks[media].take(taken, reason)

    def finish(self) -> tuple[Told, list[Decided]]:
        """What is told, and decided; the cameras are kept."""
        for look in self._looks.values():
            look.camera.keep()
        told = [fact for look in self._looks.values() for fact in look.told]
        return told, [look.decided for look in self._looks.values()]

    def _choose(self, rank: int, is_fair: bool, sights: Mapping[int, Sight]) -> None:
        def turn(media: str, step: int) -> tuple[Rows, int]:
            return self._turn(media, rank, step)

        fronts = list(self._fronts(rank, is_fair, sights))
        for media, rows in oldest_first(fronts, turn, self._terms.step_ms):
            most = min(self.need_bytes, self._surplus(media)) if is_fair else self.need_bytes
            if len(found := prefix(rows, most)):
                self._taken[media].append((rank, found))
                self._given[media] += int(found["size_bytes"].sum())
                self.need_bytes -= int(found["size_bytes"].sum())
                self._most_bytes -= decided_bytes(len(stretches(found, found["size_bytes"] >= 0)), len(found))
                self._is_cut |= self._most_bytes <= 0
            if self.need_bytes <= 0 or self._is_cut:
                return

    def _fronts(self, rank: int, is_fair: bool, sights: Mapping[int, Sight]) -> Iterator[Front]:
        """Cameras that may have something of a rank."""
        for media, one in self._glances.items():
            first_ms = one.held_ms if rank in (HELD, HELD_WITHIN) else one.free_ms
            if not self._may_have(rank, first_ms, one, sights[one.partition]):
                continue
            if not is_fair or self._has_bytes.get(media, 0) > self._share_bytes:
                yield Front(first_ms, media)

    def _surplus(self, media: str) -> int:
        """What a camera that was opened has above its share. All that it has is in leaves by then."""
        opened = self._looks.get(media)
        return math.ceil(opened.size_bytes - self._given[media] - self._share_bytes) if opened else 0

    def _may_have(self, rank: int, first_ms: int, one: Glance, sight: Sight) -> bool:
        """False: whatever was stored then or later is not judged, or too young for the rank."""
        is_old_enough = rank in (WITHIN, HELD_WITHIN) or first_ms + one.depth_ms <= sight.ms
        return first_ms <= sight.settled_ms and is_old_enough

    def _turn(self, media: str, rank: int, step: int) -> tuple[Rows, int]:
        """See ``room.Turn``: reads only leaves whose oldest segment is as old."""
        glance = self._glances[media]
        if media not in self._looks:
            if len(self._looks) >= MOST_CAMERAS:
                self._is_cut = True
                return NO_ROWS, NEVER
            self._looks[media] = self._look(media, glance)
            self._looks[media].camera.put_tail_away()
        look = self._looks[media]
        rows, next_ms = _of_rank(look, rank, step, self._terms.step_ms)
        for _, found in self._taken[media]:
            rows = without(rows, found["start_ms"])
        return rows, next_ms if self._may_have(rank, next_ms, glance, look.sight) else NEVER


def _of_rank(look: Look, rank: int, step: int, step_ms: int) -> tuple[Rows, int]:
    """The rows of a rank that were stored in a step, and when the next may have been."""
    head, sight = look.camera.head, look.sight
    first_ms = head.index["held_ms" if rank in (HELD, HELD_WITHIN) else "free_ms"]
    is_read = first_ms // step_ms <= step
    rows = look.camera.leaves(head.index["number"][is_read].tolist())
    is_mine = ranked(rows, head.protected, head.policy.depth_ms, sight.ms) == rank
    now, later_ms = in_step(rows[is_mine & sight.may_go(rows, head)], step, step_ms)
    return now, min(later_ms, int(first_ms[~is_read].min(initial=NEVER)))
