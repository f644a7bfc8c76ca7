"""The fold of holds, beside one that only forwards: ``python -m bench.protection [--quick] [--record]``.

Facts per CPU-second of one worker, without the broker: each fact is decoded from its JSON, folded over states in the
worker's own store (a file), what is told is encoded again, and states are written batch by batch. The forwarder does
the same and tells each fact as it came. Before it is measured, the store holds 10,000 cameras with a million live
holds. Then marks open, grow and close there, at 1 x, 4 x and 16 x the facts. ``--quick``: a hundredth of the cameras.
"""

import random
import resource
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import ledger
from infra.clock import cpu_s
from infra.settings import load
from processors.overlay import Overlay
from processors.protection.agent import processor
from processors.spec import Fold, States
from processors.store import Store
from processors.stream import MAX_FACTS
from schemas import codec
from schemas.codec import AnyFact
from schemas.facts import HoldPlaced
from schemas.protection import Hold

CAMERAS, HOLDS, FACTS, TARGET = 10_000, 1_000_000, 10_000, 5000
START_MS, DAY_MS = 1_767_225_600_000, 86_400_000
_TOPIC = "holds"


def placed(number: int, media: int, start_ms: int, end_ms: int | None, rev: int) -> bytes:
    """One version of an episode on one of the cameras."""
    return codec.encode(
        HoldPlaced(
            media=f"camera-{media}", observed_ms=start_ms, hold=Hold(kind="episode", id=(1 << 60) + number), rev=rev,
            opened_ms=start_ms, start_ms=start_ms, end_ms=end_ms, heard_ms=start_ms + rev * 1000,
            episode_type="generic", source="motion_detector",
        )
    )  # fmt: skip


def past(holds: int, cameras: int) -> Iterator[bytes]:
    """Marks of a month, as they came."""
    chance = random.Random(1)
    for number in range(holds):
        start_ms = START_MS - 30 * DAY_MS + 30 * DAY_MS * number // holds
        yield placed(number, chance.randrange(cameras), start_ms, start_ms + chance.randrange(5000, 90_000), 1)


def news(facts: int, holds: int, cameras: int) -> Iterator[bytes]:
    """Marks of today, each told three times: opened, grown, closed."""
    chance = random.Random(2)
    for episode in range(facts // 3 + 1):
        start_ms, media = START_MS + chance.randrange(DAY_MS // 4), chance.randrange(cameras)
        for rev in (1, 2, 3):
            yield placed(holds + episode, media, start_ms, start_ms + rev * 10_000, rev)


def forward(fact: AnyFact, _states: States) -> list[AnyFact]:
    """The fold that keeps nothing and tells what it was told."""
    return [fact]


def fold_all(fold: Fold, store: Store, values: Iterator[bytes], first: int) -> tuple[int, int]:
    """Fold values in batches of a worker's size → the next offset, and how many facts were told."""
    told, offset, states = 0, first, Overlay(store)
    for value in values:
        states.turn_to(0, offset)
        told += len([codec.encode(one) for one in fold(codec.decode(_TOPIC, value), states)])
        states.keep()
        offset += 1
        if (offset - first) % MAX_FACTS == 0:
            store.keep(states.writes(), {0: offset})
            states = Overlay(store)
    store.keep(states.writes(), {0: offset})
    return offset, told


def rate(fold: Fold, store: Store, values: list[bytes], first: int) -> tuple[float, int, int]:
    """Facts per CPU-second, the next offset, and facts told per hundred taken."""
    began_s = cpu_s()
    offset, told = fold_all(fold, store, iter(values), first)
    return len(values) / (cpu_s() - began_s), offset, 100 * told // len(values)


def main() -> None:
    """Fill the store, then measure both."""
    options = ledger.parser(__doc__)
    options.add_argument("--quick", action="store_true", help="a hundredth of the cameras")
    given = options.parse_args()
    book, part = ledger.Ledger.of(given), 100 if given.quick else 1
    cameras, holds = CAMERAS // part, HOLDS // part
    fold = processor(load()).fold
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder), "bench")
        offset, _ = fold_all(fold, store, past(holds, cameras), 0)
        name = f"protection, {cameras:,} cameras with {holds:,} holds"
        size = sum(one.stat().st_size for one in Path(folder).iterdir()) >> 20
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        book.tell(f"{name}, memory", f"{peak} MB at most, {size} MB on disk in {store.count():,} states")
        for times in (1, 4, 16):
            values = list(news(FACTS * times // part, holds * times, cameras))
            bare, _, _ = rate(forward, store, values, 0)
            ours, offset, told = rate(fold, store, values, offset)
            figure = (
                f"{ours:,.0f} facts per CPU-second, {ours / bare:.2f} of a forwarder's {bare:,.0f}, {told} told per 100"
            )
            book.tell(f"{name}, {len(values):,} facts", figure, f">= {TARGET:,}", ours >= TARGET)
        store.close()


if __name__ == "__main__":
    main()
