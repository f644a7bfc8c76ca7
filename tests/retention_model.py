"""Retention told a second time, straight from rules.md: lists of segments, cells of half a second, plain loops.

It is told every fact and what the fold said of it. What the fold must say exactly, it computes; what goes when room is
needed, it judges: nothing of a later rank while an earlier one has something left, nothing more than needed, nobody
above his share before the others. Then it believes the fold and goes on. All times are multiples of ``CELL_MS``.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from schemas import ids
from schemas.facts import (
    DeletionOrdered,
    FootageRemoved,
    FootageStored,
    LevelNoted,
    PolicyNoted,
    ProtectionNoted,
    RangeExpired,
    RestoreNoted,
    Settled,
    SettlingStarted,
    StorageExhausted,
)
from tests.retention_account import Account
from tests.retention_words import (
    BEYOND,
    CELL_MS,
    HELD,
    HELD_WITHIN,
    WITHIN,
    Decision,
    Outputs,
    Policy,
    Segment,
    said_of,
)


@dataclass
class Model(Account):
    """Everything that was said so far, and what must follow from it."""

    def take(self, fact: Any, offset: int, told: Outputs) -> None:
        """A fact at its place, and what the fold said of it."""
        if self.is_known(fact):
            assert list(told) == []
        elif isinstance(fact, LevelNoted):
            self._tick(fact, offset, told)
        else:
            self._must_be(self._takes()[type(fact)](fact) or [], told)

    def _takes(self) -> dict[type, Any]:
        return {
            FootageStored: self._store, FootageRemoved: self._remove, ProtectionNoted: self._protect,
            PolicyNoted: self._configure, RestoreNoted: self._restore, SettlingStarted: self._begin,
            Settled: self._settle,
        }  # fmt: skip

    def is_known(self, fact: Any) -> bool:
        """Whether a record is read again; asked once of each."""
        topics: dict[type, str] = {FootageStored: "segments", FootageRemoved: "segments"}
        if not hasattr(fact, "src_offset"):
            return False
        place = (topics.get(type(fact), type(fact).__name__), fact.src_partition)
        known: bool = fact.src_offset <= self.seen.get(place, -1)
        self.seen[place] = max(self.seen.get(place, -1), fact.src_offset)
        return known

    def _store(self, fact: FootageStored) -> list[tuple[Any, ...]]:
        place = (fact.media, fact.start_ms)
        self.partitions[fact.media] = fact.src_partition
        self.segments[place] = Segment(
            fact.media, fact.start_ms, fact.end_ms, fact.size_bytes, self.elapsed_ms, fact.src_partition,
            fact.src_offset,
        )  # fmt: skip
        for one in self.going(fact.media):
            if one.follow_up == "ordered" and fact.start_ms in one.starts:
                one.starts = tuple(start for start in one.starts if start != fact.start_ms)
                one.size_bytes = sum(self.sizes[one.media, start] for start in one.starts)
        return self._take_back(lambda one: one.media == fact.media and fact.start_ms in one.starts, "stored again")

    def _remove(self, fact: FootageRemoved) -> list[tuple[Any, ...]]:
        emptied: list[Decision] = []
        for one in self.going(fact.media):
            mine = [start for start in one.starts if start in fact.segment_starts_ms]
            sizes = {start: self.sizes[one.media, start] for start in one.starts}
            if one.follow_up == "ordered":
                self.gone_bytes += sum(sizes[start] for start in mine)
            one.starts = tuple(start for start in one.starts if start not in mine)
            one.size_bytes = sum(sizes[start] for start in one.starts)
            if mine and not one.starts and not one.follow_up:
                emptied.append(one)
        for start in fact.segment_starts_ms:
            self.segments.pop((fact.media, start), None)
        return self._take_back(lambda one: one in emptied, "removed")

    def _protect(self, fact: ProtectionNoted) -> list[tuple[Any, ...]]:
        kind = "lock" if {"lock", "export"} & set(fact.kinds) else "episode"
        for cell in range(fact.start_ms // CELL_MS, fact.end_ms // CELL_MS):
            self.cells[fact.media].pop(cell, None)
            if fact.kinds:
                self.cells[fact.media][cell] = kind

        def saves(one: Decision) -> bool:
            overlaps = one.media == fact.media and one.start_ms < fact.end_ms and one.end_ms > fact.start_ms
            return bool(fact.kinds) and overlaps and (kind == "lock" or not one.is_held)

        return self._take_back(saves, "protection")

    def _configure(self, fact: PolicyNoted) -> list[tuple[Any, ...]]:
        was = self.policies[fact.media]
        now = self.policies[fact.media] = Policy(fact.depth_ms, fact.keep_ms, fact.quota_bytes)

        def is_over(one: Decision) -> bool:
            if one.media != fact.media:
                return False
            if one.reason == "depth":
                return self.elapsed_ms - one.youngest_ms < now.depth_ms
            if one.reason == "keep":
                return now.keep_ms is None or self.elapsed_ms - one.youngest_ms < now.depth_ms + now.keep_ms
            if one.reason == "quota":
                return now.quota_bytes is None or now.quota_bytes > (was.quota_bytes or 0)
            return False

        return self._take_back(is_over, "policy")

    def _restore(self, fact: RestoreNoted) -> list[tuple[Any, ...]]:
        one = self.decisions.get(fact.expiration_id)
        if one is None or one.follow_up or one.media != fact.media:
            return []
        self.anew.append((one.media, one.start_ms, one.end_ms, self.elapsed_ms))
        for place, segment in self.segments.items():
            if segment.media == one.media and one.start_ms <= segment.start_ms < one.end_ms:
                self.segments[place] = replace(segment, stored_ms=self.elapsed_ms)
        return self._take_back(lambda other: other is one, fact.requested_by)

    def _begin(self, fact: SettlingStarted) -> None:
        self.rounds.setdefault(fact.settle_id, self.elapsed_ms)

    def _settle(self, fact: Settled) -> None:
        began_ms = self.rounds.get(fact.settle_id)
        for partition, end in enumerate(fact.segment_ends):
            if began_ms is not None and end >= 0 and began_ms > self.clocks.get(partition, (-1, 0))[0]:
                self.clocks[partition] = (began_ms, end)

    def _tick(self, fact: LevelNoted, offset: int, told: Outputs) -> None:
        self.pass_time(fact)
        high, low = self.rules.high * fact.capacity_bytes, self.rules.low * fact.capacity_bytes
        if fact.used_bytes > high and fact.used_bytes - self.going_bytes() > high:
            self.is_making = True
        self.news = []
        is_pressed = self.is_making
        rest = self.judge_policies(told, is_pressed)
        is_short = False
        if self.rules.hard and fact.used_bytes > self.rules.hard * fact.capacity_bytes:
            need = fact.used_bytes - self.going_bytes(only_ordered=True) - self.rules.hard * fact.capacity_bytes
            rest, is_short = self._judge_hard(need, rest)
        if is_pressed:
            need = fact.used_bytes - self.going_bytes() - low
            self.is_making = need > 0
            room = [one for one in rest if isinstance(one, RangeExpired) and one.reason == "room"]
            rest = [one for one in rest if one not in room]
            is_short |= self.judge_room(need, room, "room")
        self.judge_exhausted(is_short, fact.used_bytes > high, rest)
        for one, expiration_id in self.news:
            assert expiration_id == ids.derived("expiration", one.media, one.start_ms, one.end_ms, one.reason, offset)
        self.gone_bytes = 0

    def judge_policies(self, told: Outputs, is_pressed: bool) -> list[Any]:
        """What was told beyond what the policy of each camera demands."""
        expected = [one for media in self.every() for one in self._by_policy(media, is_pressed)]
        return self.without_expected(expected, told)

    def _by_policy(self, media: str, is_pressed: bool) -> list[tuple[Any, ...]]:
        policy = self.policies[media]
        said: list[tuple[Any, ...]] = []
        now_ms = self.clock(media)[0]
        for expiration_id, one in self.decisions.items():
            if one.media == media and not one.follow_up and one.until_ms <= now_ms:
                one.follow_up = "ordered"
                said.append(("ordered", media, expiration_id, one.starts, one.size_bytes))
        said += self._due(media, is_pressed)
        quota = policy.quota_bytes
        if (
            self.of(media)
            and quota is not None
            and now_ms >= max(0, self.looked.get(media, -self.rules.step_ms) + self.rules.step_ms)
        ):
            self.looked[media] = now_ms
            if self.size(media) > quota:
                said += self._due(media, is_pressed=True) + self.shrink(media, quota)
        return said

    def shrink(self, media: str, quota: int) -> list[tuple[Any, ...]]:
        """What a quota demands once nothing is due any more."""
        chosen: list[Segment] = []
        for rank in (HELD, WITHIN, HELD_WITHIN):
            for segment in self.ranked(media, rank):
                if sum(one.size_bytes for one in chosen) < self.size(media) - quota:
                    chosen.append(segment)
        ranks = {rank: [one for one in chosen if self.rank(one) == rank] for rank in (HELD, WITHIN, HELD_WITHIN)}
        return [said for rank, mine in ranks.items() for said in self._expire(media, mine, "quota", rank)]

    def _due(self, media: str, is_pressed: bool) -> list[tuple[Any, ...]]:
        now_ms = self.clock(media)[0]
        if not is_pressed and not any(map(len, self.overdue(media, now_ms - self.rules.batch_ms))):
            return []
        free, kept = self.overdue(media, now_ms)
        return self._expire(media, free, "depth", BEYOND) + self._expire(media, kept, "keep", HELD)

    def _expire(self, media: str, goes: list[Segment], reason: str, rank: str) -> list[tuple[Any, ...]]:
        said = []
        for stretch in self.stretches(media, goes):
            one = self.decision(stretch, reason, rank)
            expiration_id = -1 - len(self.decisions)  # until the fold has told it
            self.decisions[expiration_id] = one
            said.append(("expired", media, reason, one.start_ms, one.end_ms, len(one.starts), one.size_bytes))
        return said

    def decision(self, stretch: list[Segment], reason: str, rank: str) -> Decision:
        for one in stretch:
            self.sizes[one.media, one.start_ms] = one.size_bytes
        return Decision(
            stretch[0].media, reason, stretch[0].start_ms, max(one.end_ms for one in stretch),
            tuple(one.start_ms for one in stretch), sum(one.size_bytes for one in stretch),
            self.elapsed_ms + max(1, self.rules.grace_ms),
            max(one.stored_ms for one in stretch), rank in (HELD, HELD_WITHIN),
        )  # fmt: skip

    def judge_room(self, need: float, told: list[RangeExpired], reason: str, *, hard: bool = False) -> bool:
        """Whether what the fold chose is what the order demands; True when what is beyond depth did not suffice."""
        every = self.evictable(hard=hard)
        ranks = tuple(every)
        sizes = [size for media in self.medias() if (size := self.size(media))]
        share = max(0, sum(sizes) - need) / max(1, len(sizes))
        chosen = self._believed(told, reason, hard)
        if need <= 0:
            assert chosen == []
            return False
        size = sum(one.size_bytes for one in chosen)
        total = sum(one.size_bytes for ones in every.values() for one in ones)
        assert size >= min(need, total), "more could go"
        for rank in ranks:
            mine = [one for one in chosen if one in every[rank]]
            later = [one for one in chosen if any(one in every[other] for other in ranks[ranks.index(rank) + 1 :])]
            if later:
                assert len(mine) == len(every[rank]), f"{rank} has something left"
                continue
            self._judge_order(rank, mine, every[rank], need - (size - sum(one.size_bytes for one in mine)), share)
            break
        beyond = sum(one.size_bytes for rank in ranks[: ranks.index(WITHIN)] for one in every[rank])
        return beyond < need

    def _judge_order(self, rank: str, mine: list[Segment], every: list[Segment], need: float, share: float) -> None:
        """The last rank that was begun: the oldest of it, as few as suffice; of what is protected beyond depth first
        that of cameras above their share."""
        order = sorted(every, key=lambda one: (one.stored_ms // self.rules.step_ms, one.media, one.start_ms))
        prefix = order[: next((at for at, one in enumerate(order) if one not in mine), len(order))]
        extra = [one for one in mine if one not in prefix]
        if rank != HELD:
            assert extra == [], "not the oldest first"
        taken: defaultdict[str, int] = defaultdict(int)
        for one in sorted(extra, key=lambda one: (one.stored_ms // self.rules.step_ms, one.media, one.start_ms)):
            before = sum(other.size_bytes for other in prefix if other.media == one.media)
            had = self.size(one.media, with_going=mine) - before - taken[one.media]
            assert had > share, "taken out of order from a camera within its share"
            taken[one.media] += one.size_bytes
        size = sum(one.size_bytes for one in mine)
        assert len(mine) == len(order) or size >= need, "more could go"
        assert not mine or size - max(one.size_bytes for one in mine) < need, "more than needed"
        if rank == HELD:
            self._judge_shares(mine, order, share)

    def _judge_shares(self, mine: list[Segment], order: list[Segment], share: float) -> None:
        """While any camera is above its share and has something left, nobody gives what is within his."""
        left = {one.media for one in order if one not in mine}
        if not any(self.size(media) > share for media in left):
            return
        for giver in {one.media for one in mine}:
            last = [one for one in order if one.media == giver and one in mine][-1]
            assert self.size(giver) + last.size_bytes > share, "a camera above its share was spared"

    def _judge_hard(self, need: float, told: list[Any]) -> tuple[list[Any], bool]:
        """Pending decisions become final, those made first first; then as room, whatever is known."""
        pending = sorted(
            (
                (min(o.until_ms for o in self.pending(d.media)), d.media)
                for d in self.decisions.values()
                if not d.follow_up
            ),
        )
        for _, media in dict.fromkeys(pending):
            if need <= 0:
                break
            for expiration_id, one in list(self.decisions.items()):
                if one.media == media and not one.follow_up and need > 0:
                    order = next(
                        fact for fact in told
                        if isinstance(fact, DeletionOrdered) and fact.expiration_id == expiration_id
                    )  # fmt: skip
                    told = [fact for fact in told if fact is not order]
                    assert order.segment_starts_ms == one.starts
                    one.follow_up = "ordered"
                    need -= one.size_bytes
        if need <= 0:
            return told, False
        mine = [one for one in told if isinstance(one, RangeExpired) and one.reason == "hard_cap"]
        is_short = self.judge_room(need, mine, "hard_cap", hard=True)
        named = {one.expiration_id for one in mine}
        orders = [one for one in told if isinstance(one, DeletionOrdered) and one.expiration_id in named]
        assert {one.expiration_id for one in orders} == named
        for final in orders:
            assert self.decisions[final.expiration_id].starts == final.segment_starts_ms
            self.decisions[final.expiration_id].follow_up = "ordered"
        return [one for one in told if one not in mine and one not in orders], is_short

    def judge_exhausted(self, is_short: bool, is_full: bool, rest: list[Any]) -> None:
        expected = []
        if is_short and is_full and not self.is_exhausted:
            self.is_exhausted = True
            expected.append(False)
        if self.is_exhausted and not is_full:
            self.is_exhausted = False
            expected.append(True)
        assert all(isinstance(one, StorageExhausted) for one in rest), rest
        assert [one.is_over for one in rest] == expected
        locked = sum(one.size_bytes for one in self.segments.values() if "lock" in self.holds(one))
        assert all(one.locked_bytes == locked for one in rest)

    def _believed(self, told: list[RangeExpired], reason: str, hard: bool) -> list[Segment]:
        """The segments of what the fold says it chose; they are going from now on."""
        chosen: list[Segment] = []
        for fact in told:
            inside = [
                one for one in self.of(fact.media)
                if fact.start_ms <= one.start_ms < fact.end_ms and self.may_go(one, hard=hard)
                and "lock" not in self.holds(one)
            ]  # fmt: skip
            ranks = {self.rank(one, hard=hard) for one in inside}
            whole = next(
                (mine for rank in ranks
                 if (mine := [one for one in inside if self.rank(one, hard=hard) == rank])
                 and self.fits(mine, fact)), None,
            )  # fmt: skip
            assert whole is not None, f"no stretch of one rank is {fact}"
            chosen += whole
            one = self.decision(whole, reason, self.rank(whole[0], hard=hard))
            assert fact.expiration_id not in self.decisions
            self.named(one, fact)
        assert len({(one.media, one.start_ms) for one in chosen}) == len(chosen), "twice"
        return chosen

    def named(self, one: Decision, fact: RangeExpired) -> None:
        self.decisions[fact.expiration_id] = one
        self.news.append((one, fact.expiration_id))

    def fits(self, mine: list[Segment], fact: RangeExpired) -> bool:
        size, end_ms = sum(one.size_bytes for one in mine), max(one.end_ms for one in mine)
        is_whole = (len(mine), size, mine[0].start_ms, end_ms) == (
            fact.segments, fact.size_bytes, fact.start_ms, fact.end_ms,
        )  # fmt: skip
        return is_whole and len(self.stretches(mine[0].media, mine)) == 1

    def _take_back(self, is_over: Any, restored_by: str) -> list[tuple[Any, ...]]:
        said = []
        for expiration_id, one in self.decisions.items():
            if not one.follow_up and is_over(one):
                one.follow_up = "restored"
                said.append(("restored", one.media, expiration_id, restored_by))
        return said

    def without_expected(self, expected: list[tuple[Any, ...]], told: Outputs) -> list[Any]:
        """What was told beyond what had to be; ids that the fold gave are known from now on."""
        left = list(told)
        for said in expected:
            found = [fact for fact in left if said_of(fact) == said]
            assert found, f"not told: {said}; but {[said_of(one) for one in left]}"
            left = [fact for fact in left if fact is not found[0]]
            if said[0] == "expired":
                self._name(found[0])
        return left

    def _must_be(self, expected: list[tuple[Any, ...]], told: Outputs) -> None:
        assert self.without_expected(expected, told) == []

    def _name(self, fact: RangeExpired) -> None:
        provisional, one = next(
            (key, one) for key, one in self.decisions.items()
            if key < 0 and (one.media, one.reason, one.start_ms) == (fact.media, fact.reason, fact.start_ms)
        )  # fmt: skip
        assert fact.expiration_id not in self.decisions
        del self.decisions[provisional]
        self.named(one, fact)
