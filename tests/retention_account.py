"""What the model of retention knows: lists of segments, cells of half a second, decisions, clocks."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.facts import LevelNoted
from tests.retention_words import (
    BEYOND,
    CELL_MS,
    HELD,
    HELD_WITHIN,
    HOLE_MS,
    RANKS,
    WITHIN,
    Decision,
    Policy,
    Rules,
    Segment,
)


@dataclass
class Account:
    """Everything that was said so far, and plain questions about it."""

    rules: Rules
    segments: dict[tuple[str, int], Segment] = field(default_factory=dict)
    cells: defaultdict[str, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    policies: defaultdict[str, Policy] = field(default_factory=lambda: defaultdict(Policy))
    decisions: dict[int, Decision] = field(default_factory=dict)
    anew: list[tuple[str, int, int, int]] = field(default_factory=list)
    lanes: dict[str, tuple[int, int]] = field(default_factory=dict)
    elapsed_ms: int = 0
    rounds: dict[int, int] = field(default_factory=dict)
    clocks: dict[int, tuple[int, int]] = field(default_factory=dict)
    looked: dict[str, int] = field(default_factory=dict)
    seen: dict[tuple[str, int], int] = field(default_factory=dict)
    gone_bytes: int = 0
    is_making: bool = False
    is_exhausted: bool = False
    partitions: dict[str, int] = field(default_factory=dict)
    sizes: dict[tuple[str, int], int] = field(default_factory=dict)  # of segments when a decision named them
    news: list[tuple[Decision, int]] = field(default_factory=list)  # of the tick at hand, with their ids

    def pass_time(self, fact: LevelNoted) -> None:
        """What has elapsed once a machine told its uptime."""
        if fact.boot_id:
            uptime_ms, lane_ms = self.lanes.get(fact.boot_id, (fact.uptime_ms, self.elapsed_ms))
            lane_ms += max(0, fact.uptime_ms - uptime_ms)
            self.lanes[fact.boot_id] = (fact.uptime_ms, lane_ms)
            self.elapsed_ms = max(self.elapsed_ms, lane_ms)

    def every(self) -> list[str]:
        """Cameras of which anything is known."""
        return sorted({one.media for one in self.segments.values()} | {one.media for one in self.decisions.values()})

    def overdue(self, media: str, at_ms: int) -> tuple[list[Segment], list[Segment]]:
        """What nothing protects and is past its depth at a time of its clock; what is protected and past its keep."""
        policy = self.policies[media]
        lag_ms = max(policy.depth_ms, self.rules.settle_ms)
        keep_ms = max(policy.depth_ms + (policy.keep_ms or 0), self.rules.settle_ms)
        mine = [one for one in self.of(media) if self.may_go(one)]
        free = [one for one in mine if not self.holds(one) and one.stored_ms + lag_ms <= at_ms]
        return free, [
            one for one in mine
            if self.holds(one) == {"episode"} and policy.keep_ms is not None and one.stored_ms + keep_ms <= at_ms
        ]  # fmt: skip

    def evictable(self, *, hard: bool = False) -> dict[str, list[Segment]]:
        """By rank: what may go when room is needed."""
        ranks = RANKS if hard else RANKS[1:]
        return {rank: [one for media in self.medias() for one in self.ranked(media, rank, hard=hard)] for rank in ranks}

    def medias(self) -> list[str]:
        return sorted({one.media for one in self.segments.values()})

    def of(self, media: str) -> list[Segment]:
        return sorted((one for one in self.segments.values() if one.media == media), key=lambda one: one.start_ms)

    def clock(self, media: str) -> tuple[int, int]:
        """(time, end) of what has settled of its partition."""
        return self.clocks.get(self.partitions.get(media, -1), (-1, 0))

    def holds(self, segment: Segment) -> set[str]:
        cells = range(segment.start_ms // CELL_MS, -(-segment.end_ms // CELL_MS))
        kinds = {self.cells[segment.media][cell] for cell in cells if cell in self.cells[segment.media]}
        return {"lock"} if "lock" in kinds else kinds

    def rank(self, segment: Segment, *, hard: bool = False) -> str:
        now_ms = self.elapsed_ms if hard else self.clock(segment.media)[0]
        is_old = now_ms - segment.stored_ms >= self.policies[segment.media].depth_ms
        return {(True, False): BEYOND, (True, True): HELD, (False, False): WITHIN, (False, True): HELD_WITHIN}[
            is_old, bool(self.holds(segment))
        ]

    def ranked(self, media: str, rank: str, *, hard: bool = False) -> list[Segment]:
        mine = [one for one in self.of(media) if self.may_go(one, hard=hard) and "lock" not in self.holds(one)]
        chosen = [one for one in mine if self.rank(one, hard=hard) == rank]
        return sorted(chosen, key=lambda one: (one.stored_ms // self.rules.step_ms, one.start_ms))

    def may_go(self, segment: Segment, *, hard: bool = False) -> bool:
        clock_ms, end = self.clock(segment.media)
        is_judged = segment.stored_ms + self.rules.settle_ms <= clock_ms and segment.offset < end
        return (hard or is_judged) and not self.is_going(segment)

    def is_going(self, segment: Segment) -> bool:
        return any(segment.start_ms in one.starts for one in self.going(segment.media))

    def going(self, media: str) -> list[Decision]:
        return [one for one in self.decisions.values() if one.media == media and one.follow_up in ("", "ordered")]

    def pending(self, media: str) -> list[Decision]:
        return [one for one in self.decisions.values() if one.media == media and not one.follow_up]

    def size(self, media: str, with_going: Sequence[Segment] = ()) -> int:
        return sum(one.size_bytes for one in self.of(media) if one in with_going or not self.is_going(one))

    def going_bytes(self, *, only_ordered: bool = False) -> int:
        going = [
            one for one in self.decisions.values() if one.follow_up == "ordered" or not (one.follow_up or only_ordered)
        ]
        return sum(one.size_bytes for one in going) + self.gone_bytes

    def stretches(self, media: str, goes: list[Segment]) -> list[list[Segment]]:
        found: list[list[Segment]] = []
        before: Segment | None = None
        for one in self.of(media):
            if one in goes:
                if before is not None and before in goes and one.start_ms - before.end_ms <= HOLE_MS:
                    found[-1].append(one)
                else:
                    found.append([one])
            before = one
        return found
