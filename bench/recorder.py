"""Cameras per CPU-second and memory, against one ffmpeg process per camera: ``python -m bench.recorder [CAMERAS]``.

Both record the same N RTSP/TCP cameras (1080p, 3 Mbit/s, 25 fps) by stream copy, one after the other in every round;
medians of five rounds. Measured in steady state, after the programs have started and every camera is connected. Ours
is the recorder's own fleet with its durable spool (fsync) and senders; a store and a log that accept and forget stand
in for the servers, because ffmpeg uploads nothing.
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np

from bench import ledger
from infra import clock, journal
from infra.log import FactLog, Position
from infra.objects import ObjectStore
from infra.settings import load
from infra.spool import Spool
from producers.segments.fleet import Fleet
from producers.segments.metrics import Metrics
from producers.segments.sender import Sender
from schemas.facts import MediaConfigured, SegmentRecorded

ROUNDS, CAMERAS = 5, 8
WARM_S, MEASURED_S = 8.0, 18.0
FPS, BITRATE, CLIP_S = 25, 3_000_000, 12
SPEED_TARGET, MEMORY_TARGET = 3.0, 0.25
FFMPEG = "ffmpeg -v error -nostdin -y -rtsp_transport tcp -i {url} -c copy -an -f segment -segment_time 6 {out}"


@dataclass
class Figures:
    """One program set in one round, per camera."""

    cpu_s: float
    """CPU seconds per camera and second."""
    pss_bytes: float
    """Proportional set size, all processes together."""


class Nowhere:
    """A store that takes everything and keeps nothing."""

    def put(self, key: str, data: bytes | Path, *_: Any) -> None:
        """Accept."""

    def ensure_bucket(self) -> None:
        """There."""


class Counting:
    """A log that acknowledges at once and counts pictures against the time they cover."""

    def __init__(self) -> None:
        self.lost = self.frames = 0

    def append(self, fact: Any, *_: Any) -> "Future[Position]":
        """Acknowledged."""
        if isinstance(fact, SegmentRecorded):
            self.frames += fact.frames
            self.lost += round((fact.end_ms - fact.start_ms) * FPS / 1000) - fact.frames
        done: Future[Position] = Future()
        done.set_result(Position("segments", 0, 0))
        return done


def record(url: str, cameras: int, data: Path) -> None:
    """Our side, in a process of its own: record until SIGTERM, then print frames and frames lost."""
    settings, stopping, log = load(data=data, spool_free_bytes=0), threading.Event(), Counting()
    journal.setup(settings)
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    spool = Spool(data / "spool", settings.spool_bytes, settings.spool_free_bytes)
    fleet = Fleet(settings, spool, Metrics())
    sender = Sender(spool, cast(ObjectStore, Nowhere()), cast(FactLog, log))
    for number in range(cameras):
        fleet.apply(MediaConfigured(media=f"cam{number}", source=url, audio="drop", observed_ms=clock.now_ms()))
    stopping.wait()
    fleet.stop(5)
    sender.stop(5)
    print(log.frames, log.lost, flush=True)


@contextmanager
def ours(url: str, cameras: int, folder: Path, lost: list[int]) -> Iterator[list[int]]:
    """One recorder process; what it lost is added at the end."""
    command = [sys.executable, "-m", "bench.recorder", "--child", url, str(cameras), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield [process.pid]
        finally:
            process.terminate()
        lost.append(int(process.communicate(timeout=30)[0].split()[1]))


@contextmanager
def theirs(url: str, cameras: int, folder: Path) -> Iterator[list[int]]:
    """One ffmpeg process per camera."""
    with ExitStack() as stack:
        processes = []
        for number in range(cameras):
            words = [word.format(url=url, out=folder / f"{number}-%03d.mp4") for word in FFMPEG.split()]
            processes.append(stack.enter_context(subprocess.Popen(words)))
        try:
            yield [process.pid for process in processes]
        finally:
            for process in processes:
                process.terminate()


def measure(pids: list[int], cameras: int) -> Figures:
    """Steady-state figures of running processes."""
    clock.sleep_s(WARM_S)
    before_s, began_s = sum(map(cpu_s, pids)), clock.monotonic_s()
    clock.sleep_s(MEASURED_S)
    spent_s = sum(map(cpu_s, pids)) - before_s
    return Figures(spent_s / cameras / (clock.monotonic_s() - began_s), sum(map(pss_bytes, pids)))


def cpu_s(pid: int) -> float:
    """User and system seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def pss_bytes(pid: int) -> int:
    """Memory of a process; what it shares with others counted in part."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def clip(path: Path) -> Path:
    """A 1080p clip of 3 Mbit/s with GOP 2 s: noise that moves."""
    random = np.random.default_rng(1)
    noise = random.integers(0, 255, (1080 + 256, 1920 + 256), np.uint8)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = 1920, 1080, "yuv420p"
        stream.codec_context.gop_size, stream.codec_context.bit_rate = 2 * FPS, BITRATE
        limits = "nal-hrd=cbr:vbv-maxrate=3000:vbv-bufsize=3000:scenecut=0"
        stream.options = {"preset": "ultrafast", "tune": "zerolatency", "x264-params": limits}
        for number in range(FPS * CLIP_S):
            top = number * 2 % 256
            gray = noise[top : top + 1080, number % 256 : number % 256 + 1920]
            frame = av.VideoFrame.from_ndarray(np.repeat(gray[:, :, None], 3, axis=2), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def run(cameras: int, book: ledger.Ledger) -> None:
    """Measure and tell."""
    own: list[Figures] = []
    other: list[Figures] = []
    lost: list[int] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, "-m", "tests.rtsp_camera", str(clip(folder / "clip.mp4"))]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as camera:
            assert camera.stdout
            url = camera.stdout.readline().strip()
            try:
                for number in range(ROUNDS):
                    with ours(url, cameras, folder / f"data{number}", lost) as pids:
                        own.append(measure(pids, cameras))
                    with theirs(url, cameras, folder) as pids:
                        other.append(measure(pids, cameras))
            finally:
                camera.terminate()
    report(own, other, lost, cameras, book)


def report(own: list[Figures], other: list[Figures], lost: list[int], cameras: int, book: ledger.Ledger) -> None:
    """Tell what a camera costs each, and how the two compare."""
    speed = statistics.median(b.cpu_s / a.cpu_s for a, b in zip(own, other, strict=True))
    memory = statistics.median(a.pss_bytes / b.pss_bytes for a, b in zip(own, other, strict=True))
    for name, figures in (("recorder", own), ("ffmpeg", other)):
        cpu = statistics.median(one.cpu_s for one in figures)
        size = statistics.median(one.pss_bytes for one in figures)
        spent = f"{cpu * 1000:.2f} ms CPU per camera-second, {size / 1e6:.0f} MB for {cameras} cameras"
        book.tell(f"{name}, 1080p at 3 Mbit/s", spent)
    speed_figure = f"{speed:.2f} x ffmpeg"
    book.tell("recorder cameras per CPU-second", speed_figure, f">= {SPEED_TARGET:g} x", speed >= SPEED_TARGET)
    book.tell("recorder memory", f"{memory:.2f} x ffmpeg", f"<= {MEMORY_TARGET:g} x", memory <= MEMORY_TARGET)
    book.tell("recorder frames lost", str(sum(lost)), "0", sum(lost) == 0)


def main() -> None:
    """Measure and tell."""
    parser = ledger.parser(__doc__)
    parser.add_argument("cameras", nargs="?", type=int, default=CAMERAS)
    options = parser.parse_args()
    run(options.cameras, ledger.Ledger.of(options))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        record(sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
    else:
        main()
