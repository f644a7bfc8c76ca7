"""Facts of a small archive that retention sees, and random histories of it: people, cameras, an effect that lags."""

import random
from collections.abc import Iterator
from typing import Any

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
)
from tests.retention_words import CELL_MS, Rules

START_MS = 1_767_225_600_000
SEGMENT_MS = 2000
CAPACITY = 1000
PARTITIONS = 2


class Archive:
    """Makes facts, each behind the one before on its own topic."""

    def __init__(self, boot_id: str = "boot-1") -> None:
        self.offsets: dict[tuple[str, int], int] = {}
        self.boot_id, self.uptime_ms, self.wall_ms = boot_id, 1000, START_MS
        self.rounds = 0

    def at(self, topic: str, partition: int = 0) -> dict[str, Any]:
        """Where the next record of a topic stands."""
        place = (topic, partition)
        self.offsets[place] = self.offsets.get(place, -1) + 1
        return {"src_partition": partition, "src_offset": self.offsets[place]}

    def stored(self, media: str, start_ms: int, size_bytes: int = 10, end_ms: int | None = None) -> FootageStored:
        return FootageStored(
            media=media, observed_ms=self.wall_ms, start_ms=start_ms, end_ms=end_ms or start_ms + SEGMENT_MS,
            size_bytes=size_bytes, **self.at("segments", partition_of(media)),
        )  # fmt: skip

    def removed(self, media: str, starts: tuple[int, ...]) -> FootageRemoved:
        place = self.at("segments", partition_of(media))
        return FootageRemoved(media=media, observed_ms=self.wall_ms, segment_starts_ms=starts, **place)

    def noted(self, media: str, start_ms: int, end_ms: int, *kinds: Any) -> ProtectionNoted:
        return ProtectionNoted(
            media=media, observed_ms=self.wall_ms, start_ms=start_ms, end_ms=end_ms, kinds=kinds,
            **self.at("protections", partition_of(media)),
        )  # fmt: skip

    def policy(self, media: str, depth_ms: int, keep_ms: int | None = None, quota: int | None = None) -> PolicyNoted:
        return PolicyNoted(
            media=media, observed_ms=self.wall_ms, depth_ms=depth_ms, keep_ms=keep_ms, quota_bytes=quota,
            **self.at("media", partition_of(media)),
        )  # fmt: skip

    def restore(self, media: str, expiration_id: int, who: str = "anna") -> RestoreNoted:
        return RestoreNoted(
            media=media, observed_ms=self.wall_ms, expiration_id=expiration_id, requested_by=who,
            **self.at("expirations", partition_of(media)),
        )  # fmt: skip

    def level(self, used_bytes: int = 0, *, after_ms: int = 0) -> LevelNoted:
        """Told ``after_ms`` later by the clock that cannot be set."""
        self.uptime_ms += after_ms
        self.wall_ms += after_ms
        return LevelNoted(
            store="disk", observed_ms=max(0, self.wall_ms), used_bytes=used_bytes, capacity_bytes=CAPACITY,
            boot_id=self.boot_id, uptime_ms=self.uptime_ms, **self.at("storage"),
        )  # fmt: skip

    def started(self) -> SettlingStarted:
        self.rounds += 1
        return SettlingStarted(settle_id=self.rounds, observed_ms=self.wall_ms)

    def settled(self, settle_id: int | None = None, ends: tuple[int, ...] | None = None) -> Settled:
        return Settled(
            settle_id=settle_id or self.rounds, observed_ms=self.wall_ms, segment_ends=ends or self.ends()
        )  # fmt: skip

    def ends(self) -> tuple[int, ...]:
        """Of topic ``segments``, now."""
        return tuple(self.offsets.get(("segments", partition), -1) + 1 for partition in range(PARTITIONS))

    def settling(self) -> tuple[SettlingStarted, Settled]:
        """A round that takes no time."""
        return self.started(), self.settled()


def partition_of(media: str) -> int:
    """Of every topic that is keyed by media."""
    return ord(media[-1]) % PARTITIONS


class History:
    """One random history. The world in it: a store that fills, an effect that deletes what was ordered, late."""

    def __init__(self, chance: random.Random, *, is_tight: bool = False) -> None:
        """``is_tight``: a tick may not do all that is due; more cameras then, and no hard cap, which is bounded too."""
        self.chance = chance
        self.archive = Archive()
        high = chance.choice((0.5, 0.8, 0.9))
        self.rules = Rules(
            grace_ms=chance.choice((0, 2000, 6000)), settle_ms=chance.choice((0, 500, 3000)),
            batch_ms=chance.choice((0, 0, 2500, 5000)), high=high, low=high - chance.choice((0, 0.05, 0.2)),
            hard=0 if is_tight else chance.choice((0, 0, 0, high + 0.05)),
        )  # fmt: skip
        self.medias = [f"cam{number}" for number in range(chance.randrange(1, 8 if is_tight else 5))]
        self.loud = self.medias[-1]
        """It records more than others do."""
        self.at_ms = {media: START_MS + chance.randrange(20) * CELL_MS for media in self.medias}
        self.footage: dict[tuple[str, int], int] = {}
        self.orders: list[DeletionOrdered] = []
        self.pending: list[RangeExpired] = []
        self.is_held = chance.random() < 0.4
        """Nearly everything is protected, and kept for as long as there is room."""
        self.foreign = chance.choice((0, 0, 200, 600))
        """Bytes in the store that are no footage."""
        self.rounds: list[tuple[int, tuple[int, ...]]] = []
        self.facts: list[Any] = []

    def told(self, outputs: Any) -> None:
        """What the fold said of the last fact."""
        self.orders += [fact for fact in outputs if isinstance(fact, DeletionOrdered)]
        self.pending += [fact for fact in outputs if isinstance(fact, RangeExpired)]

    def steps(self, count: int) -> Iterator[Any]:
        """So many facts, one after another; each may follow from what was told of those before."""
        for media in self.medias:
            yield from self._say(self._policy(media))
            if self.is_held:
                span = START_MS - 200 * CELL_MS, START_MS + 400 * CELL_MS
                yield from self._say(self.archive.noted(media, *span, "episode"))
        kinds = {
            self._store: 30, self._tick: 28, self._round: 16, self._protect: 9, self._remove: 8, self._repeat: 4,
            self._configure: 2, self._restore: 3, self._boot: 1, self._jump: 1,
        }  # fmt: skip
        while len(self.facts) < count:
            (step,) = self.chance.choices(list(kinds), list(kinds.values()))
            yield from self._say(step())

    def _say(self, fact: Any) -> Iterator[Any]:
        if fact is not None:
            self.facts.append(fact)
            yield fact

    def _media(self) -> str:
        return self.chance.choice(self.medias)

    def _store(self) -> FootageStored:
        media = self.loud if self.chance.random() < 0.5 else self._media()
        if self.chance.random() < 0.06 and self.footage:
            media, start_ms = self.chance.choice(list(self.footage))  # again
        elif self.chance.random() < 0.08:
            start_ms = START_MS - self.chance.randrange(1, 60) * SEGMENT_MS  # late
        else:
            self.at_ms[media] += self.chance.choice((0, 0, 0, 0, 500, 4000))
            start_ms = self.at_ms[media]
            self.at_ms[media] += SEGMENT_MS
        size = self.chance.randrange(1, 60) * (2 if media == self.loud else 1)
        self.footage[media, start_ms] = size
        return self.archive.stored(media, start_ms, size)

    def _tick(self) -> LevelNoted:
        self.foreign = max(0, self.foreign + self.chance.choice((0, 0, 0, -80, 60, 200)))
        after_ms = self.chance.choice((0, 500, 1000, 1000, 2000, 5000))
        return self.archive.level(sum(self.footage.values()) + self.foreign, after_ms=after_ms)

    def _round(self) -> Any:
        if not self.rounds or self.chance.random() < 0.4:
            fact = self.archive.started()
            self.rounds.append((fact.settle_id, self.archive.ends()))
            return fact
        settle_id, ends = self.rounds.pop(self.chance.randrange(len(self.rounds)))
        stuck = self.chance.randrange(PARTITIONS) if self.chance.random() < 0.15 else -1
        return self.archive.settled(settle_id, tuple(-1 if at == stuck else end for at, end in enumerate(ends)))

    def _protect(self) -> ProtectionNoted:
        media = self._media()
        start_ms = self.at_ms[media] - self.chance.randrange(-4, 60) * CELL_MS
        end_ms = start_ms + self.chance.randrange(1, 30) * CELL_MS
        kinds = self.chance.choice(
            ((), (), ("episode",), ("episode",), ("episode",), ("lock",), ("episode", "lock"), ("export",))
        )
        return self.archive.noted(media, start_ms, end_ms, *kinds)

    def _remove(self) -> FootageRemoved | None:
        """The effect, in the order of its orders; or somebody else."""
        if self.chance.random() < 0.05 and self.footage:
            media, start_ms = self.chance.choice(list(self.footage))
            del self.footage[media, start_ms]
            return self.archive.removed(media, (start_ms,))
        if not self.orders:
            return None
        order = self.orders.pop(0)
        starts = order.segment_starts_ms
        if len(starts) > 1 and self.chance.random() < 0.3:  # killed half way
            self.orders.insert(0, order)
            starts = starts[: len(starts) // 2]
        for start_ms in starts:
            self.footage.pop((order.media, start_ms), None)
        return self.archive.removed(order.media, starts)

    def _repeat(self) -> Any:
        """A record that is read again by another holder of the seat."""
        again = [fact for fact in self.facts[-12:] if hasattr(fact, "src_offset")]
        return self.chance.choice(again) if again else None

    def _policy(self, media: str) -> PolicyNoted:
        if self.is_held and self.chance.random() < 0.9:
            return self.archive.policy(media, self.chance.choice((0, 1000, 2000)))
        return self.archive.policy(
            media, self.chance.choice((0, 2000, 5000, 12_000)), self.chance.choice((None, None, 0, 4000, 20_000)),
            self.chance.choice((None, None, None, 0, 60, 300)),
        )  # fmt: skip

    def _configure(self) -> PolicyNoted:
        return self._policy(self._media())

    def _restore(self) -> RestoreNoted | None:
        if not self.pending:
            return None
        fact = self.chance.choice(self.pending[-6:])
        return self.archive.restore(fact.media, fact.expiration_id)

    def _boot(self) -> None:
        self.archive.boot_id, self.archive.uptime_ms = f"boot-{self.chance.randrange(4)}", self.chance.randrange(9000)

    def _jump(self) -> None:
        hours = self.chance.choice((-1, 1, -24, 24, -8760, 8760))
        self.archive.wall_ms = max(0, self.archive.wall_ms + hours * 3_600_000)
