"""Hostile segments against the reader and the detectors: ``python -m tests.footage_fuzz --cases 20000 --seed 1``.

A process of its own, so that a crash, a hang or a gigabyte is seen as one. Prints what came out as JSON.
"""

import argparse
import json
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from av import logging as libav_log

from processors.motion.detector import Detector, Task
from processors.motion.detectors import registry
from processors.motion.frames.boxes import walk
from processors.motion.frames.reader import Limits, Picture, Reader, Unreadable
from schemas.facts import Keyframe, MotionConfig, SegmentRecorded
from tests.footage import Footage
from tests.integration.clips import make
from tests.motion_bytes import MemoryBytes
from tests.motion_footage import ingested

_SIZES = (0, 1, 2, 7, 8, 9, 16, 255, 65_535, (1 << 31) - 1, 1 << 31, (1 << 32) - 1)
_AGO_MS = 60_000
_JUDGED = 4
"""Every fourth case is also judged by the detectors, which takes longer."""
_CODECS = ("h264", "hevc", "mjpeg", "mpeg4", "av1", "vp9", "png", "gif", "rawvideo", "flv1", "no such", "")
_INSIDE = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf", b"stsd", b"avc1", b"hvc1", b"mp4v")


def honest(folder: Path) -> list[Footage]:
    """One small segment of each codec."""
    shapes: dict[str, dict[str, Any]] = {
        "h264": {"codec": "libx264", "sound": "aac", "bframes": 2, "gop": 8},
        "hevc": {"codec": "libx265", "sound": "aac", "gop": 8},
        "mjpeg": {"codec": "mjpeg"},
        "mpeg4": {"codec": "mpeg4", "gop": 6},
    }
    return [
        ingested(make(folder / f"{name}.mp4", seconds=1, size=(160, 96), **shape))[0] for name, shape in shapes.items()
    ]


def hostile(random: Random, base: Footage) -> Footage:
    """The segment with its object, its fact or both made wrong."""
    data, fact = bytearray(base.data), base.fact
    for _ in range(random.randint(1, 3)):
        kind = random.choice(("cut", "flip", "flip", "table", "size", "key", "fact", "fill"))
        if kind == "cut":
            del data[random.choice(_borders(base.data)) + random.choice((-1, 0, 0, 1, 9)) :]
        elif kind == "flip":
            _flip(random, data, 0, len(data))
        elif kind == "table":
            _flip(random, data, 0, min(len(data), fact.init_len + 1200))
        elif kind == "size":
            at = random.choice(_borders(base.data))
            data[at : at + 4] = random.choice(_SIZES).to_bytes(4, "big")
        elif kind == "key":
            key = random.choice(fact.keyframes) if fact.keyframes else base.fact.keyframes[0]
            _flip(random, data, key.byte_offset, min(len(data), key.byte_offset + 64))
        elif kind == "fill":
            at = random.randint(0, len(data))
            data[at : at + 300] = random.choice((bytes(300), b"\xff" * 300, random.randbytes(300)))
        else:
            fact = _forged(random, fact)
    return Footage(fact, bytes(data))


def _flip(random: Random, data: bytearray, start: int, end: int) -> None:
    for _ in range(random.choice((1, 1, 4, 64))):
        if start < end:
            data[random.randrange(start, end)] = random.choice((0, 255, random.randrange(256)))


def _borders(data: bytes) -> list[int]:
    """Where every box begins, at any depth, and the end."""
    found = [len(data)]

    def collect(start: int, end: int) -> None:
        for box in walk(data, start, end):
            found.append(box.start)
            if box.kind in _INSIDE:
                skip = {b"stsd": 8, b"avc1": 78, b"hvc1": 78, b"mp4v": 78}.get(box.kind, 0)
                collect(box.body + skip, box.end)

    collect(0, len(data))
    return found


def _forged(random: Random, fact: SegmentRecorded) -> SegmentRecorded:
    """The fact with a lie that a fact can hold."""
    shifted = tuple(
        Keyframe(at_ms=key.at_ms, byte_offset=random.randrange(fact.size_bytes - 8), size_bytes=random.randint(1, 8))
        for key in fact.keyframes
    )
    lies: dict[str, Any] = random.choice((
        {"video_codec": random.choice(_CODECS) or "x"},
        {"width_px": random.choice((0, 1, 5999, 60_000)), "height_px": random.choice((0, 1, 6000, 60_000))},
        {"init_len": random.choice((1, 8, fact.init_len // 2, fact.init_len + 100, fact.size_bytes, 1 << 40))},
        {"keyframes": (), "gop_bytes": ()},
        {"keyframes": shifted},
        {"keyframes": shifted, "gop_bytes": tuple(random.choice((0, 1, 1 << 40)) for _ in shifted)},
        {"frames": random.choice((0, 1, 1 << 40))},
        {"size_bytes": 1 << 45, "gop_bytes": tuple(1 << random.randint(0, 40) for _ in fact.keyframes)},
        {"end_ms": fact.start_ms + 1},
    ))  # fmt: skip
    return msgspec.structs.replace(fact, **lies)


def named(base: Footage) -> Iterator[tuple[str, Footage]]:
    """The cases that must be among them: cut at every box, empty, huge."""
    for at in _borders(base.data)[1:]:
        yield "cut at a box", Footage(base.fact, base.data[:at])
    yield "empty", Footage(base.fact, b"")
    yield "zeros", Footage(base.fact, bytes(len(base.data)))
    yield "no groups", Footage(msgspec.structs.replace(base.fact, keyframes=(), gop_bytes=()), base.data)
    yield "huge", Footage(msgspec.structs.replace(base.fact, width_px=65_535, height_px=65_535), base.data)


def looked_at(footage: Footage) -> str:
    """What came of looking at it in every way."""
    said = "read"
    last = len(footage.fact.keyframes) - 1
    try:
        reader = Reader(footage.fact, MemoryBytes.of(footage), Limits(pixels=4_000_000))
    except Unreadable as error:
        return str(error)
    for look in (
        lambda: reader.key_pictures(),
        lambda: list(reader.pictures(0, last, 0)),
        lambda: list(reader.pictures(last, last)),
        lambda: [Picture(0, reader.jpeg(footage.fact.start_ms + 500, 160))][:0],
    ):
        try:
            for picture in look():
                if not footage.fact.start_ms <= picture.at_ms < footage.fact.end_ms:
                    raise AssertionError(f"a picture outside of its segment: {picture.at_ms}")
        except Unreadable as error:
            said = str(error)
    return said


def judged(footage: Footage, detectors: Mapping[str, Detector]) -> list[str]:
    """What each detector says of it, alone and after itself."""
    fact = footage.fact
    earlier = tuple(msgspec.structs.replace(key, at_ms=key.at_ms - _AGO_MS) for key in fact.keyframes)
    before = msgspec.structs.replace(
        fact, start_ms=fact.start_ms - _AGO_MS, end_ms=fact.start_ms, object_key="before", keyframes=earlier
    )
    source = MemoryBytes({fact.object_key: footage.data, "before": footage.data})
    said = []
    for name, detector in detectors.items():
        for chain_before in ((), (before,)):
            found = detector.scan(Task(fact, chain_before, MotionConfig(detector=name)), source)
            said.append(f"{name}: {found.verdict}")
    return said


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--cases", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=0)
    asked = arguments.parse_args()
    libav_log.set_level(libav_log.PANIC)
    detectors = {name: make(Limits(pixels=4_000_000), 64 << 20) for name, make in registry.KNOWN.items()}
    random, said, slowest = Random(asked.seed), Counter[str](), (0.0, "")
    with tempfile.TemporaryDirectory() as folder:
        bases = honest(Path(folder))
        Path("/proc/self/clear_refs").write_text("5")  # the peak from here on
        cases = [one for base in bases for one in (("honest", base), *named(base))]
        made = ((f"case {number}", hostile(random, bases[number % len(bases)])) for number in range(asked.cases))
        for number, (name, footage) in enumerate(chain(cases, made)):
            begun = time.process_time()
            outcome = re.sub(r"\d+", "#", looked_at(footage))
            said[f"honest: {outcome}" if name == "honest" else outcome] += 1
            if number % _JUDGED == 0:
                said.update(judged(footage, detectors))
            slowest = max(slowest, (time.process_time() - begun, name))
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert peak
    print(json.dumps({"said": said, "slowest_s": slowest[0], "slowest": slowest[1], "peak_mib": int(peak[1]) >> 10}))


if __name__ == "__main__":
    main()
