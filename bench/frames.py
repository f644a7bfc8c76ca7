"""What a picture costs before anybody judges it: ``python -m bench.frames``. Processor time of one thread.

Beside it in the same run: a container opened for every segment and its key frames decoded as they come, which is how
it is usually done. Segments are in memory; what the store costs is not in these figures.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import av
import cv2

from bench import ledger
from infra import heap
from infra.ranges import FolderBytes
from processors.motion.frames.luma import HEIGHT, WIDTH
from processors.motion.frames.reader import Reader
from producers.segments.folder import FolderArchive
from producers.segments.ingest import store_file
from schemas.facts import SegmentRecorded
from tests.scenes.coding import make
from tests.scenes.plan import Coding, Scene

ROUNDS = 5
CODINGS = {
    "H.264": Coding(),
    "H.264, 3 B-frames": Coding(b_frames=3),
    "H.265": Coding(codec="libx265"),
    "MJPEG": Coding(codec="mjpeg", kbit=24_000),
}

Look = Callable[[SegmentRecorded], int]
"""One segment looked at: how many pictures came of it."""


def main() -> None:
    """Measure and tell."""
    book = ledger.Ledger.of(ledger.parser(__doc__).parse_args())
    cv2.setNumThreads(1)
    heap.keep_freed(128 << 20)
    for name, coding in CODINGS.items():
        with tempfile.TemporaryDirectory() as folder:
            report(name, coding, Path(folder), book)


def report(name: str, coding: Coding, folder: Path, book: ledger.Ledger) -> None:
    """The lines of one codec: 12 s of 1080p, cut into segments of 6 s."""
    drawn = make(Scene(name="one", place="yard", seed=7, seconds=12, coding=coding), folder)
    archive = FolderArchive("one", folder)
    store_file(drawn, 1_790_000_000_000, archive, 6000)
    source = FolderBytes(folder)
    read = sum(_reader(one, source).bytes_read for one in archive.segments) / sum(
        one.size_bytes for one in archive.segments
    )

    def keys(one: SegmentRecorded) -> int:
        return len(Reader(one, source).key_pictures())

    def everything(one: SegmentRecorded) -> int:
        return len(list(Reader(one, source).pictures(0, len(one.keyframes) - 1)))

    def opened(one: SegmentRecorded) -> int:
        return _opened((folder / one.object_key).read_bytes())

    ours, dense, usual = _cost_ms(archive.segments, [keys, everything, opened])
    book.tell(
        f"a key picture, 1080p {name}", f"{ours:.1f} ms, {usual / ours:.1f} x a container opened, {read:.0%} read"
    )
    book.tell(f"a picture of five a second, 1080p {name}", f"{dense:.1f} ms")


def _reader(segment: SegmentRecorded, source: FolderBytes) -> Reader:
    reader = Reader(segment, source)
    reader.key_pictures()
    return reader


def _opened(data: bytes) -> int:
    """Key pictures as they are usually had."""
    seen = 0
    with av.open(BytesIO(data)) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        stream.codec_context.skip_frame = "NONKEY"
        for frame in container.decode(stream):
            cv2.resize(frame.to_ndarray(format="gray"), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
            seen += 1
    return seen


def _cost_ms(segments: Sequence[SegmentRecorded], looks: Sequence[Look]) -> list[float]:
    """ms of processor time per picture of each way of looking, interleaved; medians."""
    costs: list[list[float]] = [[] for _ in looks]
    for _ in range(ROUNDS):
        for look, known in zip(looks, costs, strict=True):
            began_s = time.process_time()
            seen = sum(look(one) for one in segments)
            known.append((time.process_time() - began_s) * 1000 / seen)
    return [statistics.median(known) for known in costs]


if __name__ == "__main__":
    main()
