"""Facts about what is protected, for tests: short to write, and right by the schemas."""

import random
from typing import Any

from schemas.codec import AnyFact
from schemas.facts import LockReleased, LockRequested, RangeProtected, RangeReleased
from schemas.protection import Hold
from tests.footage_facts import START_MS

MINUTE_MS = 60_000


def hold(id_: int = 1, kind: Any = "episode") -> Hold:
    return Hold(kind=kind, id=id_)


def protected(
    media: str = "gate", start_ms: int = START_MS, length_ms: int = MINUTE_MS, *holds: Hold, **fields: Any
) -> RangeProtected:
    told = {"observed_ms": start_ms + length_ms, "holds": holds or (hold(),), "policy_version": "p1-0badcafe"} | fields
    return RangeProtected(media=media, start_ms=start_ms, end_ms=start_ms + length_ms, **told)


def released(media: str = "gate", start_ms: int = START_MS, length_ms: int = MINUTE_MS, **fields: Any) -> RangeReleased:
    told = {"observed_ms": start_ms + 2 * length_ms} | fields
    return RangeReleased(media=media, start_ms=start_ms, end_ms=start_ms + length_ms, **told)


def locked(
    lock_id: int = 7, media: str = "gate", start_ms: int = START_MS, length_ms: int = MINUTE_MS, **fields: Any
) -> LockRequested:
    told = {"observed_ms": start_ms + length_ms, "reason": "police", "requested_by": "anna"} | fields
    return LockRequested(media=media, start_ms=start_ms, end_ms=start_ms + length_ms, lock_id=lock_id, **told)


def unlocked(lock_id: int = 7, media: str = "gate", observed_ms: int = START_MS + 10 * MINUTE_MS) -> LockReleased:
    return LockReleased(media=media, observed_ms=observed_ms, lock_id=lock_id, released_by="anna")


def history(count: int, seed: int = 1, cameras: int = 3) -> list[AnyFact]:
    """What is said of a few cameras: ranges that come, are split and joined, end; locks asked for and given back."""
    chance = random.Random(seed)
    facts: list[AnyFact] = []
    ranges: dict[str, dict[int, int]] = {f"cam{number}": {} for number in range(cameras)}
    while len(facts) < count:
        media = chance.choice(sorted(ranges))
        facts += _next(chance, media, ranges[media], len(facts))
    return facts[:count]


def _next(chance: random.Random, media: str, ranges: dict[int, int], number: int) -> list[AnyFact]:
    """One change of one camera, as protection tells it; ``ranges``: start → length of those that stand."""
    kind, at = chance.random(), START_MS + number * 10
    if kind < 0.15:
        return [locked(number, media, at, observed_ms=at)]
    if kind < 0.25:
        return [unlocked(chance.randrange(number + 1), media, at)]
    if kind < 0.45 and ranges:
        start_ms, length_ms = ranges.popitem()
        return [released(media, start_ms, length_ms, observed_ms=at)]
    if kind < 0.65 and ranges:
        start_ms, half = min(ranges), ranges[min(ranges)] // 2
        if half:
            ranges |= {start_ms: half, start_ms + half: half}
            lock = hold(number, "lock")
            return [
                protected(media, start_ms + half, half, lock, hold(), observed_ms=at),
                protected(media, start_ms, half, observed_ms=at),
            ]
    start_ms = START_MS + number * MINUTE_MS
    gone = tuple(sorted(ranges)[-2:]) if kind > 0.9 else ()
    for one in gone:
        ranges.pop(one)
    ranges[start_ms] = MINUTE_MS
    return [protected(media, start_ms, MINUTE_MS, hold(number), observed_ms=at, replaces=gone)]
