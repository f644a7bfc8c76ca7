"""The model where a tick looks at few cameras, or at few leaves of one.

Which cameras a tick looks at, and how much of one, it does not say. It believes the fold, as far as all that was due
when a sweep began goes before anything protected, and room is made within as many ticks as a sweep may take.
"""

from dataclasses import dataclass, field
from typing import Any

from schemas.facts import DeletionOrdered, RangeExpired, StorageExhausted
from tests.retention_folded import PLENTY, Bounds
from tests.retention_model import Model
from tests.retention_words import BEYOND, HELD, Outputs, Segment


@dataclass
class Bounded(Model):
    """See ``Model``. ``owed``: what was due when the sweep began and has not gone yet."""

    bounds: Bounds = PLENTY
    sweep: dict[int, int] | None = None
    owed: set[tuple[str, int]] = field(default_factory=set)
    waited: int = 0
    is_waiting: bool = False

    def take(self, fact: Any, offset: int, told: Outputs) -> None:
        """See Model.take."""
        super().take(fact, offset, told)
        self.owed &= self._due_in_sweep()

    def judge_policies(self, told: Outputs, is_pressed: bool) -> list[Any]:
        """See Model.judge_policies."""
        if not is_pressed:
            self._end_sweep()
        elif self.sweep is None:
            self.sweep = {partition: at_ms for partition, (at_ms, _) in self.clocks.items()}
            self.owed = self._due_in_sweep()
        left = list(told)
        for media in self.every():
            left = self._believe_camera(media, left, is_pressed)
        return left

    def judge_room(self, need: float, told: list[RangeExpired], reason: str, *, hard: bool = False) -> bool:
        """See Model.judge_room."""
        self.owed &= self._due_in_sweep()
        self.is_waiting = need > 0 and not told
        if self.is_waiting:
            self.waited = self.waited + 1 if any(self.evictable().values()) else 0
            assert self.waited < max(1, self._longest()), "room is not made"
            return False
        assert not told or not self.owed, f"{self.owed} was due before the sweep began"
        self._end_sweep()
        return super().judge_room(need, told, reason, hard=hard)

    def judge_exhausted(self, is_short: bool, is_full: bool, rest: list[Any]) -> None:
        """See Model.judge_exhausted. Whether a sweep that gave nothing was over is told by this alone."""
        if self.is_waiting and any(isinstance(one, StorageExhausted) and not one.is_over for one in rest):
            assert not self.owed
            assert not any(self.evictable().values())
            self._end_sweep()
            is_short = True
        self.is_waiting = False
        super().judge_exhausted(is_short, is_full, rest)

    def _end_sweep(self) -> None:
        self.sweep, self.waited = None, 0

    def _longest(self) -> int:
        """Ticks that a sweep may take."""
        looks = len(self.segments) if self.bounds.most_leaves < PLENTY.most_leaves else 0
        return -(-len(self.every()) // self.bounds.most_cameras) + looks

    def _due_in_sweep(self) -> set[tuple[str, int]]:
        clocks = self.sweep or {}
        due = (self.overdue(media, clocks.get(self.partitions.get(media, -1), -1)) for media in self.medias())
        return {(one.media, one.start_ms) for free, kept in due for one in (*free, *kept)}

    def _believe_camera(self, media: str, told: list[Any], is_pressed: bool) -> list[Any]:
        """What was told of anything but this camera's policy."""
        mine = [one for one in told if isinstance(one, RangeExpired) and one.media == media and one.reason != "room"]
        now_ms = self.clock(media)[0]
        if is_pressed or self.policies[media].quota_bytes is not None:
            is_time = True
        else:
            is_time = any(map(len, self.overdue(media, now_ms - self.rules.batch_ms)))
        left = self._believe_orders(media, told, is_looked_at=bool(mine))
        due = [one for one in mine if one.reason != "quota"]
        assert not due or is_time, "nothing was overdue"
        free, kept = self.overdue(media, now_ms)
        self._believe_due(free, BEYOND, [one for one in due if one.reason == "depth"])
        self._believe_due(kept, HELD, [one for one in due if one.reason == "keep"])
        is_cut = any(map(len, self.overdue(media, now_ms)))
        assert not is_cut or not due or self.bounds.most_leaves < PLENTY.most_leaves, "more was due"
        left = [one for one in left if one not in due]
        if len(due) == len(mine):
            return left
        assert not is_cut, "a quota took what is not due while something was"
        quota = self.policies[media].quota_bytes
        assert quota is not None
        left = self.without_expected(self.shrink(media, quota), left)
        assert not any(one in left for one in mine)
        return left

    def _believe_orders(self, media: str, told: list[Any], *, is_looked_at: bool) -> list[Any]:
        """A camera that is looked at orders all whose grace is over; one that is not, none."""
        now_ms = self.clock(media)[0]
        over = {
            at: one for at, one in self.decisions.items()
            if one.media == media and not one.follow_up and one.until_ms <= now_ms
        }  # fmt: skip
        orders = {one.expiration_id: one for one in told if isinstance(one, DeletionOrdered) and one.media == media}
        assert orders.keys() == over.keys() or not (orders or is_looked_at)
        for expiration_id, order in orders.items():
            one = over[expiration_id]
            assert (order.segment_starts_ms, order.size_bytes) == (one.starts, one.size_bytes)
            one.follow_up = "ordered"
        return [one for one in told if one not in orders.values()]

    def _believe_due(self, due: list[Segment], rank: str, told: list[RangeExpired]) -> None:
        """Each is a stretch of what is due, whole as far as it goes."""
        chosen: list[Segment] = []
        for fact in told:
            stretch = [one for one in due if fact.start_ms <= one.start_ms < fact.end_ms]
            assert stretch, f"nothing that is due is {fact}"
            assert self.fits(stretch, fact), f"no stretch that is due is {fact}"
            chosen += stretch
            self.named(self.decision(stretch, fact.reason, rank), fact)
        assert not chosen or len(self.stretches(chosen[0].media, chosen)) == len(told), "torn apart"
