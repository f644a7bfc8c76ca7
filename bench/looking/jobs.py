"""Work for all cores at once, each job on one core, so that every engine is measured beside the same company."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any, NamedTuple

import cv2

from bench.looking import clips, dvr_scan, engines, keydiff
from bench.looking.clips import Clip, Findings
from schemas.facts import MotionConfig
from tests.scenes.coding import make
from tests.scenes.plan import Scene

OURS = {
    "cascade": MotionConfig(),
    "cascade, coarse": MotionConfig(profile="coarse"),
    "cascade, thorough": MotionConfig(profile="thorough"),
    "mog2": MotionConfig(detector="mog2@1"),
}
PEERS: dict[str, Sequence[str]] = {"DVR-Scan": dvr_scan.DEFAULT, "DVR-Scan's fastest": dvr_scan.FASTEST}
DIFFERENCE = "key-frame difference"


class Job(NamedTuple):
    """One engine over one clip."""

    engine: str
    clip: Clip


def find(job: Job, peer: Path) -> Findings:
    """What the engine tells; ``peer``: the Python that has DVR-Scan."""
    if job.engine in PEERS:
        return dvr_scan.scanned(peer, job.clip, PEERS[job.engine])
    if job.engine == DIFFERENCE:
        return keydiff.differing(job.clip.path)
    with tempfile.TemporaryDirectory() as folder:
        return engines.looked(clips.footage(job.clip, Path(folder)), OURS[job.engine])


def drawn(scene: Scene, folder: Path) -> Clip:
    """The scene's clip, made unless it is there."""
    path = folder / f"{scene.name}.mp4"
    if not path.with_suffix(".json").exists():
        make(scene, folder)
    return clips.clip(path)


class Cores:
    """One process per core, pinned to it. A context manager."""

    def __init__(self) -> None:
        context = get_context("spawn")
        free: Queue[int] = context.Queue()
        cores = sorted(os.sched_getaffinity(0))
        for core in cores:
            free.put(core)
        self._pool = ProcessPoolExecutor(len(cores), context, _settle, (free,))

    def each(self, work: Callable[..., Any], items: Iterable[Any], *common: Any) -> list[Any]:
        """What ``work(item, *common)`` returns, in the order of the items; the first failure is raised at once."""
        waiting: list[Future[Any]] = [self._pool.submit(work, item, *common) for item in items]
        for count, one in enumerate(as_completed(waiting), 1):
            one.result()
            print(f"\r{work.__name__}: {count} of {len(waiting)} ", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        return [one.result() for one in waiting]

    def __enter__(self) -> "Cores":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)


def _settle(free: "Queue[int]") -> None:
    """A new process takes a core for itself; its children stay there too."""
    os.sched_setaffinity(0, {free.get()})
    cv2.setNumThreads(1)
