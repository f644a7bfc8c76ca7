"""The lifecycle worker against a bare Faust agent: ``python -m bench.lifecycle``.

Facts per CPU-second of one worker process, all its threads included, from the first fact taken to the last one: ours
decodes, folds, keeps states and tells what it decided, every output acknowledged by all replicas before its state is
kept; the bare agent forwards key and value unread through Faust's own producer. The broker's CPU counts on neither
side. The two take turns; medians; the same at 1 x, 4 x and 16 x the facts. ``--quick``: one run of the smallest size.

Also: how long the states of an empty disk take to load, the delay from ``append`` to the decision at 500 saves/s, and
the memory of the worker.
"""

import asyncio
import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import ledger
from bench.projection import servers
from infra.kafka import Follower, KafkaLog, ensure_topics, topic_name
from infra.settings import Settings, child_environment, load
from schemas import codec, ids
from schemas.episode import EpisodeRecord
from schemas.facts import EpisodeSaved

BASE, RUNS, TARGET, PER_EPISODE = 10_000, 5, 5000, 3
RATE, SECONDS = 500, 20
START_MS = 1_767_225_600_000
FACTS = "sightlog_processor_facts_total"


def saved(number: int) -> EpisodeSaved:
    """A save as analytics make it: an episode is opened, grows, and is closed; 50 cameras."""
    episode, turn = divmod(number, PER_EPISODE)
    opened = START_MS + episode * 100
    chance = random.Random(number)
    record = EpisodeRecord(
        episode_id=1_722_279_170_848_854_016 + episode * 4096, media=f"camera-{episode % 50}",
        opened_at=opened, updated_at=opened + turn * 1000, closed_at=opened + 2000 if turn == 2 else None,
        episode_type="vehicle", title="a truck at the gate", labels=("truck", "gate"), score=chance.random(),
        license_plate_text=f"AB{chance.randrange(1000):03}CD",
        payload={"colour": "white", "speed": chance.randrange(90), "track": [chance.randrange(1920) for _ in range(6)]},
    )  # fmt: skip
    at_ms = START_MS + number
    return EpisodeSaved(
        media=record.media, observed_ms=at_ms, save_id=ids.derived("episodes", 0, number, at_ms), record=record,
        src_partition=0, src_offset=number,
    )  # fmt: skip


def fill(settings: Settings, facts: int) -> None:
    """Put ``facts`` saves on their topic."""
    ensure_topics(settings)
    log = KafkaLog(settings, "bench")
    for number in range(facts):
        log.append(saved(number))
    assert log.flush(120) == 0
    log.close()


def ours(settings: Settings, group: int, taken: Callable[[int], None]) -> None:
    """Run our worker; ``taken`` is told how many facts it has taken, until it ends the process."""
    from prometheus_client import REGISTRY

    from processors import worker
    from processors.episodes.agent import processor

    one = processor(settings, version=group)
    labels = {"processor": one.consumer}

    def look() -> None:
        while True:
            taken(int(REGISTRY.get_sample_value(FACTS, labels) or 0))
            time.sleep(0.01)

    threading.Thread(target=look, daemon=True).start()
    worker.run(settings, one)


def bare(settings: Settings, group: int, taken: Callable[[int], None]) -> None:
    """Run an agent that only forwards, with the settings that ours has."""
    import faust

    from processors import app as apps

    raw: dict[str, Any] = {"key_type": bytes, "value_type": bytes, "key_serializer": "raw", "value_serializer": "raw"}
    app = faust.App(
        f"{settings.topic_prefix}bare-{group}", broker=f"kafka://{settings.kafka}", web_enabled=False,
        datadir=str(settings.data / f"bare-{group}"), topic_disable_leader=True, topic_allow_declare=False,
        broker_session_timeout=apps.SESSION_S, broker_heartbeat_interval=apps.HEARTBEAT_S, producer_linger=0.02,
        producer_acks=-1, producer_compression_type="lz4", producer_max_batch_size=262_144,
        stream_buffer_maxsize=apps.BUFFER, consumer_max_fetch_size=4 << 20, consumer_auto_offset_reset="earliest",
    )  # fmt: skip
    source = app.topic(topic_name(settings, "episode-saves"), **raw)
    changes = app.topic(topic_name(settings, "episode-changes"), **raw)
    count = 0

    async def forward(stream: Any) -> None:
        nonlocal count
        async for event in stream.events():
            await changes.send(key=event.key, value=event.value)
            count += 1
            taken(count)

    async def main() -> None:
        app.agent(source, concurrency=1)(forward)
        await app.start()
        await asyncio.Event().wait()

    asyncio.run(main())


SIDES = {"ours": ours, "bare": bare}


def side(name: str, settings: Settings, group: int, facts: int) -> None:
    """In a process of its own: run one side until it has taken ``facts``, and print what that cost."""
    import os

    began: list[float] = []

    def taken(count: int) -> None:
        if count and not began:
            began[:] = [time.process_time(), time.monotonic(), count]
        if count >= facts:
            cpu_s, wall_s = time.process_time() - began[0], time.monotonic() - began[1]
            memory = Path("/proc/self/smaps_rollup").read_text()
            pss = next(line.split()[1] for line in memory.splitlines() if line.startswith("Pss:"))
            print(
                json.dumps({"rate": (facts - began[2]) / cpu_s, "wall_s": wall_s, "pss_mb": int(pss) // 1024}),
                flush=True,
            )
            os._exit(0)

    SIDES[name](settings, group, taken)


def run_side(name: str, settings: Settings, group: int, facts: int) -> dict[str, float]:
    """What ``side`` printed."""
    words = [sys.executable, "-m", "bench.lifecycle", "--side", name, "--group", str(group), "--facts", str(facts)]
    answer = subprocess.run(
        words, env=child_environment(settings.as_environment()), capture_output=True, text=True, timeout=900, check=True
    )
    found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return found


def throughput(settings: Settings, size: int, runs: int, book: ledger.Ledger) -> None:
    """Tell the medians of both sides at one size."""
    own = settings.model_copy(update={"topic_prefix": f"l{size}."})
    facts = BASE * size
    fill(own, facts)
    pairs = [[run_side(name, own, run + 1, facts) for name in SIDES] for run in range(runs)]
    rates = [statistics.median(pair[at]["rate"] for pair in pairs) for at in range(2)]
    ratio = statistics.median(pair[0]["rate"] / pair[1]["rate"] for pair in pairs)
    memory = max(pair[0]["pss_mb"] for pair in pairs)
    figure = f"{rates[0]:,.0f} facts per CPU-second, {ratio:.2f} of a bare agent's {rates[1]:,.0f} (medians of {runs})"
    book.tell(f"lifecycle, {facts:,} saves", figure, f">= {TARGET:,}", rates[0] >= TARGET)
    book.tell(f"lifecycle, {facts:,} saves, memory", f"{memory:,} MB PSS")


def loading(settings: Settings, size: int, book: ledger.Ledger) -> None:
    """Tell how long an empty disk takes to hold the states again."""
    from processors.changelog import Changelog
    from processors.episodes.agent import processor
    from processors.memory import Memory
    from processors.store import Store

    own = settings.model_copy(update={"topic_prefix": f"l{size}."})
    log = KafkaLog(own, "bench")
    changelog = Changelog(own, processor(own), log)
    with tempfile.TemporaryDirectory() as folder:
        memory = Memory("bench", Store(Path(folder), changelog.id), changelog)
        began_s, cpu_s, read = time.monotonic(), time.process_time(), list[int]()
        memory.load(list(changelog.ends()), lambda: False, read.append)
        took_s, spent_s, states = time.monotonic() - began_s, time.process_time() - cpu_s, memory.store.count()
        memory.close()
    log.close()
    per = 100_000 / sum(read)
    figure = f"{spent_s * per:.1f} CPU-seconds, {took_s * per:.1f} s per 100,000 records ({states:,} states)"
    book.tell("lifecycle, states loaded onto an empty disk", figure)


def delay(settings: Settings, book: ledger.Ledger) -> None:
    """Tell the time from ``append`` of a save to its decision on the topic, at a steady rate."""
    own = settings.model_copy(update={"topic_prefix": "delay."})
    fill(own, 1)
    words = [sys.executable, "-m", "bench.lifecycle", "--side", "ours", "--group", "1", "--facts", str(10**9)]
    with subprocess.Popen(words, env=child_environment(own.as_environment()), stderr=subprocess.DEVNULL) as worker:
        changes, log, sent = Follower(own, "episode-changes"), KafkaLog(own, "bench"), dict[int, float]()
        while not changes.poll(0.2):
            assert worker.poll() is None
        writer = threading.Thread(target=_append, args=(log, sent))
        writer.start()
        waits = sorted(_watch(changes, sent))
        writer.join()
        changes.close()
        log.close()
        worker.terminate()
    figure = f"p50 {statistics.median(waits):.0f} ms, p99 {waits[int(len(waits) * 0.99)]:.0f} ms"
    book.tell(f"lifecycle, append to decision at {RATE} saves/s", figure)


def _append(log: KafkaLog, sent: dict[int, float]) -> None:
    began = time.monotonic()
    for number in range(PER_EPISODE, PER_EPISODE + RATE * SECONDS):
        time.sleep(max(0.0, began + (number - PER_EPISODE) / RATE - time.monotonic()))
        one = saved(number)
        sent[one.save_id] = time.monotonic()
        log.append(one)


def _watch(changes: Follower, sent: dict[int, float]) -> list[float]:
    waits: list[float] = []
    while len(waits) < RATE * SECONDS:
        for record in changes.poll(0.05):
            waits.append((time.monotonic() - sent[codec.decode("episode-changes", record.value).save_id]) * 1000)
    return waits


def main() -> None:
    """Measure and tell."""
    parser = ledger.parser(__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--side", choices=SIDES)
    parser.add_argument("--group", type=int, default=1)
    parser.add_argument("--facts", type=int, default=BASE)
    options = parser.parse_args()
    if options.side:
        side(options.side, load(), options.group, options.facts)
        return
    book, sizes = ledger.Ledger.of(options), (1,) if options.quick else (1, 4, 16)
    with tempfile.TemporaryDirectory() as scratch, servers(Path(scratch) / "data") as settings:
        for size in sizes:
            throughput(settings, size, 1 if options.quick else RUNS, book)
        loading(settings, sizes[-1], book)
        delay(settings, book)


if __name__ == "__main__":
    main()
