"""One camera is looked at: what of it goes by its own policy, and what is final."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

import numpy as np

from processors.retention.camera import Camera
from processors.retention.rules import room, standing, told
from processors.retention.rules.footage import Flags, Ints, Rows, among
from processors.retention.rules.order import BEYOND, HELD, outlived, ranked
from processors.retention.rules.standing import Going
from processors.retention.rules.stretches import stretches
from processors.retention.rules.terms import Terms
from processors.retention.rules.world import Clock, Decided
from schemas.facts import DeletionOrdered, RangeExpired, RangeRestored, StorageExhausted
from schemas.retention import ExpiryReason

MOST_LEAVES = 64
"""Leaves of one camera that are judged at once; the oldest first, the others at the next tick."""

Told: TypeAlias = list[RangeExpired | RangeRestored | DeletionOrdered | StorageExhausted]


class Tick(NamedTuple):
    """The fact at which decisions are made."""

    offset: int
    observed_ms: int
    elapsed_ms: int


class Sight(NamedTuple):
    """What may be decided of the cameras of a partition."""

    ms: int
    """Their clock: ages count to here."""
    settled_ms: int
    """Stored by then ..."""
    segments_end: int
    """... and at a smaller offset: judged."""

    def may_go(self, rows: Rows, head: standing.Head) -> Flags:
        """For each row: whether it is judged and not going yet."""
        is_judged = (rows["stored_ms"] <= self.settled_ms) & (rows["src_offset"] < self.segments_end)
        found: Flags = is_judged & ~among(rows, head.starts_going)
        return found


class Look:
    """A camera, and what a tick decides of it."""

    def __init__(self, camera: Camera, sight: Sight, terms: Terms, tick: Tick) -> None:
        self.camera, self.sight, self._terms, self._tick = camera, sight, terms, tick
        self.told: Told = []
        self._expired: list[Going] = []
        self._ordered: list[int] = []
        self.is_cut = False
        """More of it is due than one look judges: the rest must follow before anything of a later rank."""

    @property
    def decided(self) -> Decided:
        """What must be known when the tick is folded again."""
        return Decided(self.camera.media, tuple(self._expired), tuple(self._ordered), self.camera.head.looked_ms)

    @property
    def size_bytes(self) -> int:
        """Of what is in leaves and not going."""
        return int(self.camera.head.index["size_bytes"].sum())

    def by_policy(self, *, is_pressed: bool) -> None:
        """What its own policy decides. ``is_pressed``: room is needed, so nothing that is due waits for company."""
        self.order_due()
        head = self.camera.head
        self._due(is_pressed)
        quota_bytes = head.policy.quota_bytes
        looked_ms = -self._terms.step_ms if head.looked_ms is None else head.looked_ms
        if quota_bytes is not None and looked_ms + self._terms.step_ms <= self.sight.ms:
            self._shrink(quota_bytes)

    def order_due(self) -> None:
        """Decisions whose grace is over become final."""
        for going in self.camera.head.going:
            if not going.is_ordered and going.until_ms <= self.sight.ms:
                self.order(going)

    def keep(self) -> None:
        """Write what came of it; what was not done for want of time is due at the next tick."""
        self.camera.keep(0 if self.is_cut else self.sight.ms + 1)

    def order(self, going: Going) -> None:
        """A decision becomes final."""
        self.camera.order(going.expiration_id)
        self._ordered.append(going.expiration_id)
        self.told.append(told.ordered(self.camera.media, going, self._tick.observed_ms))

    def expire(self, rows: Rows, goes: Flags, reason: ExpiryReason, rank: int) -> None:
        """These go, as stretches. ``rows``: all that the camera has in their time."""
        media, policy, terms, tick = self.camera.media, self.camera.head.policy, self._terms, self._tick
        until_ms = tick.elapsed_ms + max(1, terms.grace_ms)  # without a grace, too, a later round must have come
        going = [
            told.decided(media, one, reason, rank, policy, terms, until_ms, tick.offset)
            for one in stretches(rows, goes)
        ]
        self.camera.go(going)
        self._expired += going
        for one in going:
            self.told.append(told.expired(media, one, rank, policy, terms, tick.observed_ms))
            if reason == "hard_cap":
                self.order(one)

    def take(self, taken: Iterable[tuple[int, Rows]], reason: ExpiryReason) -> None:
        """What was chosen goes, rank by rank."""
        starts: defaultdict[int, list[Ints]] = defaultdict(list)
        for rank, rows in taken:
            starts[rank].append(rows["start_ms"])
        for rank, chosen in starts.items():
            gone = np.concatenate(chosen)
            numbers = standing.overlapping(self.camera.head.index, int(gone.min()), int(gone.max()) + 1)
            rows = self.camera.rows(numbers)
            self.expire(rows, among(rows, gone), reason, rank)

    def _due(self, is_pressed: bool) -> None:
        """Footage past its depth, and protected footage past its keep: all that is, once some is overdue."""
        head, ms, wait_ms = self.camera.head, self.sight.ms, 0 if is_pressed else self._terms.batch_ms
        if standing.overdue_ms(head, self._terms.settle_ms) + wait_ms > ms:
            return
        lag_ms = standing.lag_ms(head.policy, self._terms.settle_ms)
        keep_ms = standing.keep_lag_ms(head.policy, self._terms.settle_ms)
        if head.tail_ms + lag_ms <= ms:
            self.camera.put_tail_away()
        numbers, is_part = self._due_leaves(lag_ms, keep_ms)
        rows = self.camera.rows(numbers)
        may_go = self.sight.may_go(rows, head)
        free = may_go & (ranked(rows, head.protected, head.policy.depth_ms, ms) == BEYOND)
        kept = may_go & outlived(rows, head.protected, head.policy, ms)
        oldest = (rows["stored_ms"][free] + lag_ms, rows["stored_ms"][kept] + keep_ms)
        if is_pressed or min(one.min(initial=ms + 1) for one in oldest) + wait_ms <= ms:
            self.is_cut = is_part and bool((free | kept).any())  # a look that changes nothing is not repeated
            self.expire(rows, free, "depth", BEYOND)
            self.expire(rows, kept, "keep", HELD)

    def _due_leaves(self, lag_ms: int, keep_ms: int) -> tuple[list[int], bool]:
        """Leaves of which something is due and those that lie among them; whether these are not all of them."""
        index = self.camera.head.index
        due_ms = np.minimum(index["free_ms"] + lag_ms, index["held_ms"] + keep_ms)
        due = index[due_ms <= self.sight.ms]
        if not len(due):
            return [], False
        first = due[np.argsort(due_ms[due_ms <= self.sight.ms], kind="stable")[:MOST_LEAVES]]
        numbers = standing.overlapping(index, int(first["first_ms"].min()), int(first["end_ms"].max()))
        return numbers, len(due) > MOST_LEAVES

    def _shrink(self, quota_bytes: int) -> None:
        """Down to the quota: what is due first, then as when room is needed; not before all that is due was judged."""
        self.camera.put_tail_away()
        if self.size_bytes > quota_bytes and not self.is_cut:
            self._due(is_pressed=True)
        if self.is_cut:
            return
        self.camera.change(looked_ms=self.sight.ms)
        if self.size_bytes > quota_bytes:
            self._give(quota_bytes)

    def _give(self, quota_bytes: int) -> None:
        """What has to go though it is not due by age."""
        head = self.camera.head
        rows = self.camera.rows(head.index["number"].tolist())
        ranks = ranked(rows, head.protected, head.policy.depth_ms, self.sight.ms)
        may_go = self.sight.may_go(rows, head) & (ranks != BEYOND)
        mine = room.Camera(self.camera.media, rows[may_go], ranks[may_go], self.size_bytes)
        need_bytes = self.size_bytes - quota_bytes
        chosen = room.make_room([mine], need_bytes, 0, self._terms.step_ms)
        self.take(((rank, found) for _, rank, found in chosen), "quota")


def sight(clock: Clock, settle_ms: int) -> Sight:
    """What may be decided when all must be known."""
    return Sight(clock.ms, clock.ms - settle_ms, clock.segments_end)
