"""What is recorded is what the source showed: every picture once, at its time. Judged by decoding."""

import io
from collections.abc import Iterator
from hashlib import md5
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import av
import pytest

from infra import clock
from infra.settings import load
from producers.segments import fmp4, libav, rules
from producers.segments.connect import connect
from producers.segments.groups import Assembler
from producers.segments.ingest import DirectArchive, store_file
from producers.segments.rtsp_source import RtspSource
from producers.segments.samples import Format
from producers.segments.segmenter import LivePlacement, Segmenter
from schemas.facts import SegmentRecorded
from tests.fakes import FakeLog, FakeStore
from tests.integration import clips
from tests.rtsp_camera import RtspCamera

START_MS = 1_790_000_000_000
TOLERANCE_MS = 40
SHARED = Path(__file__).resolve().parents[3] / "shared" / "clips"
VARIABLE_MS = [n * 40 + (n % 5) * 8 + (400 if n > 60 else 0) for n in range(150)]


class Shown(NamedTuple):
    """One decoded picture."""

    at_ms: float
    digest: str


def shown(source: Path | io.BytesIO) -> list[Shown]:
    with av.open(source if isinstance(source, io.BytesIO) else str(source)) as container:
        stream = container.streams.video[0]
        return [
            Shown(float(frame.pts * frame.time_base) * 1000, md5(frame.to_ndarray().tobytes()).hexdigest())
            for frame in container.decode(stream)
        ]


def joined(store: FakeStore, facts: list[SegmentRecorded]) -> io.BytesIO:
    """The segments of one run as one file: the first whole, of the others what follows their init section."""
    objects = [store.get(fact.object_key) for fact in facts]
    rest = [data[fact.init_len :] for data, fact in zip(objects, facts, strict=True)][1:]
    return io.BytesIO(b"".join([objects[0], *rest]))


def recorded(log: FakeLog) -> list[SegmentRecorded]:
    return [fact for fact in log.facts if isinstance(fact, SegmentRecorded)]


@pytest.fixture(
    params=[
        pytest.param({"codec": "libx264"}, id="H.264"),
        pytest.param({"codec": "libx264", "bframes": 3}, id="H.264 with B-frames"),
        pytest.param({"codec": "libx264", "gop": 250}, id="GOP of 10 s"),
        pytest.param({"codec": "libx264", "times_ms": VARIABLE_MS}, id="variable rate"),
        pytest.param({"codec": "libx265"}, id="H.265"),
        pytest.param({"codec": "libx265", "bframes": 3}, id="H.265 with B-frames"),
        pytest.param({"codec": "mjpeg"}, id="MJPEG"),
        pytest.param({"codec": "libx264", "sound": "aac"}, id="AAC"),
        pytest.param({"codec": "libx264", "sound": "pcm_mulaw", "suffix": ".mov"}, id="G.711"),
        pytest.param({"codec": "libx264", "bframes": 2, "suffix": ".ts"}, id="MPEG-TS"),
    ]
)
def clip(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    wanted = dict(request.param)
    return clips.make(tmp_path / f"clip{wanted.pop('suffix', '.mp4')}", seconds=7, **wanted)


def test_ingested_footage_is_the_file_picture_by_picture(clip: Path) -> None:
    store, log = FakeStore(), FakeLog()
    store_file(clip, START_MS, DirectArchive("cam", store, log, lambda _: None), 2000)
    facts, source = recorded(log), shown(clip)
    got = shown(joined(store, facts))
    assert [picture.digest for picture in got] == [picture.digest for picture in source]
    assert len({fact.run_id for fact in facts}) == 1
    assert all(left.end_ms == right.start_ms for left, right in pairwise(facts))
    offset = got[0].at_ms - source[0].at_ms
    assert max(abs(a.at_ms - b.at_ms - offset) for a, b in zip(got, source, strict=True)) <= TOLERANCE_MS
    assert sum(fact.frames for fact in facts) == len(source)


def test_ingesting_a_file_twice_gives_the_same_objects_and_identities(clip: Path) -> None:
    stores, logs = (FakeStore(), FakeStore()), (FakeLog(), FakeLog())
    for store, log in zip(stores, logs, strict=True):
        store_file(clip, START_MS, DirectArchive("cam", store, log, lambda _: None), 2000)
    assert stores[0].objects == stores[1].objects
    assert [f.start_ms for f in recorded(logs[0])] == [f.start_ms for f in recorded(logs[1])]


def test_a_key_frame_fetched_by_its_byte_range_decodes_alone(clip: Path) -> None:
    store, log = FakeStore(), FakeLog()
    store_file(clip, START_MS, DirectArchive("cam", store, log, lambda _: None), 2000)
    fact = recorded(log)[-1]
    footage = fmp4.read_format(store.get(fact.object_key)[: fact.init_len])
    for keyframe in fact.keyframes:
        decoder = av.CodecContext.create(fact.video_codec, "r")
        decoder.extradata = footage.video.extradata or None
        data = store.get_range(fact.object_key, keyframe.byte_offset, keyframe.size_bytes)
        pictures = decoder.decode(av.Packet(data)) + decoder.decode(None)
        assert [(picture.width, picture.height) for picture in pictures] == [(fact.width_px, fact.height_px)]


@pytest.mark.parametrize("own", [True, False], ids=["our reader", "libav"])
@pytest.mark.parametrize(
    ("codec", "bframes"), [("libx264", 0), ("libx264", 3), ("libx265", 0)], ids=["H.264", "B-frames", "H.265"]
)
def test_a_camera_is_recorded_picture_by_picture_through_its_own_loop(
    tmp_path: Path, codec: str, bframes: int, own: bool
) -> None:
    path = clips.make(tmp_path / "clip.mp4", seconds=4, codec=codec, bframes=bframes)
    source = [picture.digest for picture in shown(path)]
    store, log = FakeStore(), FakeLog()
    with RtspCamera(path) as camera:
        began_ms = clock.now_ms()
        _record(camera.url, DirectArchive("cam", store, log, lambda _: None), samples=160, own=own)
        ended_ms = clock.now_ms()
    facts = recorded(log)
    got = [picture.digest for picture in shown(joined(store, facts))][:-8]  # the end cuts a group of pictures
    first = source.index(got[0])
    expected = (source * 3)[first : first + len(got)]
    assert got == expected
    assert len(got) > 100
    assert began_ms - TOLERANCE_MS <= facts[0].start_ms < ended_ms


def _record(url: str, archive: DirectArchive, samples: int, own: bool) -> None:
    opened = connect if own else libav.connect
    more = {"settings": load()} if own else {"timeout_s": 60.0}
    source = opened(url, audio=True, **more)
    assert isinstance(source, RtspSource) is own
    assembler = Assembler(rules.LIVE_JUMP_MS)
    segmenter = Segmenter("cam", archive, LivePlacement(), 2000)
    for number, item in enumerate(source.items()):
        for group in assembler.switch(item) if isinstance(item, Format) else assembler.add(item, clock.now_ms()):
            segmenter.push(group)
        if number == samples:
            break
    for group in assembler.end():
        segmenter.push(group)
    segmenter.finish()
    source.close()


def _shared_clips() -> Iterator[Path]:
    yield from sorted(SHARED.glob("short*.mp4"))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared clips are not beside this checkout")
@pytest.mark.parametrize("path", list(_shared_clips()), ids=lambda path: path.stem)
def test_real_footage_loses_no_picture(path: Path) -> None:
    store, log = FakeStore(), FakeLog()
    store_file(path, START_MS, DirectArchive("cam", store, log, lambda _: None), 6000)
    with av.open(str(path)) as container:
        count = sum(1 for packet in container.demux(video=0) if packet.size)
    assert sum(fact.frames for fact in recorded(log)) == count
