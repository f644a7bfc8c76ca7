"""Verdicts for tests: short to write, and right by the schemas."""

import random
from collections.abc import Sequence
from typing import Any

from schemas.codec import AnyFact
from schemas.motion import (
    Look,
    MotionSpan,
    MotionTicked,
    ReprocessCompleted,
    ReprocessDropped,
    ReprocessPromoted,
    ReprocessRequested,
    ReprocessStarted,
    SegmentScanned,
    Stretch,
)
from tests.footage_facts import START_MS


def grid(**energies: int) -> bytes:
    """A grid with an energy in some cells: ``c17=90``."""
    cells = bytearray(144)
    for name, energy in energies.items():
        cells[int(name[1:])] = energy
    return bytes(cells)


def look(at_ms: int, score: float = 0.0, *, level: Any = "keyframes", **energies: int) -> Look:
    return Look(at_ms=at_ms, score=score, level=level, grid=grid(**energies) if energies else b"")


def scan(
    media: str = "gate", start_ms: int = START_MS, *, moved: Sequence[tuple[int, int]] = (), length_ms: int = 6000,
    **fields: Any,
) -> SegmentScanned:  # fmt: skip
    """A verdict; ``moved``: its spans, from the start of the segment. Without, it is still."""
    spans = tuple(MotionSpan(start_ms=start_ms + one, end_ms=start_ms + two, score=0.5) for one, two in moved)
    told: dict[str, Any] = {
        "observed_ms": start_ms + length_ms + 1500, "verdict": "motion" if moved else "still",
        "level": "borders" if moved else "keyframes", "detector": "cascade", "version": "1", "spans": spans,
        "looks": tuple(look(start_ms + at) for at in range(0, length_ms, 2000)),
    }  # fmt: skip
    return SegmentScanned(media=media, start_ms=start_ms, end_ms=start_ms + length_ms, **(told | fields))


def asked(run: str = "night", observed_ms: int = START_MS, **fields: Any) -> ReprocessRequested:
    told = {"from_ms": START_MS, "to_ms": START_MS + 86_400_000, "by": "test"}
    return ReprocessRequested(run=run, observed_ms=observed_ms, **(told | fields))


def promoted(run: str = "night", observed_ms: int = START_MS + 1) -> ReprocessPromoted:
    return ReprocessPromoted(run=run, observed_ms=observed_ms)


def started(run: str = "night", *stretches: Stretch, topic: Any = "segments") -> ReprocessStarted:
    about = stretches or (Stretch(partition=1, begin=3, end=9),)
    return ReprocessStarted(run=run, observed_ms=START_MS + 1, topic=topic, stretches=about)


def looked(run: str = "night", step: Any = "looked") -> ReprocessCompleted:
    return ReprocessCompleted(run=run, observed_ms=START_MS + 2, step=step)


def dropped(run: str = "night", observed_ms: int = START_MS + 2) -> ReprocessDropped:
    return ReprocessDropped(run=run, observed_ms=observed_ms)


def history(count: int, seed: int = 1, cameras: int = 3) -> list[AnyFact]:
    """A life of a few cameras: verdicts, some told again alike or better, of another detector or of a run; ticks."""
    chance = random.Random(seed)
    facts: list[AnyFact] = []
    while len(facts) < count:
        media, at_ms = f"cam{chance.randrange(cameras)}", START_MS + chance.randrange(200) * 6000
        kind = chance.random()
        if kind < 0.1:
            facts.append(MotionTicked(partition=chance.randrange(2), observed_ms=at_ms))
            continue
        looks = tuple(_random_look(chance, at_ms + step) for step in range(0, 6000, 2000))
        given: dict[str, Any] = {"looks": looks, "run": "night" if kind > 0.8 else ""}
        given |= {"detector": "mog2"} if 0.7 < kind < 0.8 else {}
        given |= {"verdict": "unreadable", "reason": "the footage is gone", "looks": ()} if 0.1 < kind < 0.2 else {}
        given |= {"parameters": {"sensitivity": chance.choice((40, 50)), "profile": "standard"}}
        moved = [(chance.randrange(0, 3000), chance.randrange(3001, 6000))] if 0.2 < kind < 0.5 else []
        facts.append(scan(media, at_ms, moved=moved, **given))
    return facts


def _random_look(chance: random.Random, at_ms: int) -> Look:
    energies = {f"c{chance.randrange(144)}": chance.randrange(256) for _ in range(chance.choice((0, 0, 1, 5)))}
    return look(at_ms, round(chance.random(), 3), level=chance.choice(("keyframes", "borders", "all")), **energies)


def motion_ms(fact: SegmentScanned) -> int:
    """The length of a verdict's motion inside its segment."""
    return sum(max(0, min(one.end_ms, fact.end_ms) - max(one.start_ms, fact.start_ms)) for one in fact.spans)
