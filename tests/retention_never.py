"""What retention may never do, whatever its rules are: said of single facts, without a model of anything."""

from collections import defaultdict
from typing import Any

from schemas.facts import (
    DeletionOrdered,
    FootageRemoved,
    FootageStored,
    LevelNoted,
    PolicyNoted,
    ProtectionNoted,
    RangeExpired,
    RangeRestored,
    Settled,
    SettlingStarted,
)
from tests.retention_model import Model
from tests.retention_words import CELL_MS, Outputs, Rules


class Never:
    """Is shown every fact and what was said of it."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._expired: dict[int, RangeExpired] = {}
        self._ended: dict[int, str] = {}
        self._told_ms: dict[int, int] = {}
        self._stored_ms: dict[tuple[str, int], int] = {}
        self._ordered: set[tuple[str, int]] = set()
        self._locks: defaultdict[str, set[int]] = defaultdict(set)
        self._marks: defaultdict[str, set[int]] = defaultdict(set)
        self._depths: dict[str, int] = {}
        self._rounds: dict[int, int] = {}
        self._fresh_ms = -1
        self._clock = Model(rules)

    def see(self, fact: Any, told: Outputs) -> None:
        """A fact, and what the fold said of it."""
        if not self._clock.is_known(fact):
            self._learn(fact)
        for one in told:
            if isinstance(one, RangeExpired):
                self._may_expire(one)
            elif isinstance(one, DeletionOrdered):
                self._may_be_ordered(one)
            elif isinstance(one, RangeRestored):
                self._follow(one.expiration_id, "restored")

    def end(self) -> None:
        """Nothing was followed up that was never told."""
        assert self._ended.keys() <= self._expired.keys()

    def _learn(self, fact: Any) -> None:
        if isinstance(fact, LevelNoted):
            self._clock.pass_time(fact)
        elif isinstance(fact, FootageStored):
            self._stored_ms[fact.media, fact.start_ms] = self._clock.elapsed_ms
            self._ordered.discard((fact.media, fact.start_ms))  # the effect leaves what is stored again alone
        elif isinstance(fact, FootageRemoved):
            self._ordered -= {(fact.media, start) for start in fact.segment_starts_ms}
        elif isinstance(fact, PolicyNoted):
            self._depths[fact.media] = fact.depth_ms
        elif isinstance(fact, SettlingStarted):
            self._rounds.setdefault(fact.settle_id, self._clock.elapsed_ms)
        elif isinstance(fact, Settled):
            self._fresh_ms = max(self._fresh_ms, self._rounds.get(fact.settle_id, -1))
        elif isinstance(fact, ProtectionNoted):
            span = set(range(fact.start_ms // CELL_MS, fact.end_ms // CELL_MS))
            is_lock = bool({"lock", "export"} & set(fact.kinds))
            self._locks[fact.media] -= span
            self._marks[fact.media] -= span
            (self._locks if is_lock else self._marks)[fact.media] |= span if fact.kinds else set()

    def _may_expire(self, one: RangeExpired) -> None:
        assert one.expiration_id not in self._expired, "an id is told once"
        self._expired[one.expiration_id] = one
        self._told_ms[one.expiration_id] = self._clock.elapsed_ms
        assert one.reason == "hard_cap" or self._fresh_ms >= 0, "nothing was ever settled"

    def _may_be_ordered(self, one: DeletionOrdered) -> None:
        self._follow(one.expiration_id, "ordered")
        was, told_ms = self._expired[one.expiration_id], self._told_ms[one.expiration_id]
        assert was.policy_version == one.policy_version
        cells = {
            cell for cell in range(one.start_ms // CELL_MS, one.end_ms // CELL_MS)
            for start in one.segment_starts_ms if start <= cell * CELL_MS < start + CELL_MS
        }  # fmt: skip
        assert not cells & self._locks[one.media], "under a lock"
        assert was.reason != "depth" or not cells & self._marks[one.media], "protected"
        for start in one.segment_starts_ms:
            assert (one.media, start) not in self._ordered, "ordered twice"
            self._ordered.add((one.media, start))
            age_ms = self._clock.elapsed_ms - self._stored_ms[one.media, start]
            assert was.reason not in ("depth", "keep") or age_ms >= self._depths.get(one.media, 21_600_000), "too young"
        if not self._rules.hard:
            assert self._fresh_ms >= told_ms + self._rules.grace_ms, "not known to be unprotected when the grace ended"

    def _follow(self, expiration_id: int, how: str) -> None:
        assert expiration_id not in self._ended, "restored and ordered, or either twice"
        self._ended[expiration_id] = how
