import hashlib
from pathlib import Path

import pytest

from infra.spool import Lane, Spool
from producers.segments.linger import Linger
from producers.segments.room import make_room
from producers.segments.sender import Sender
from schemas import codec
from schemas.facts import Keyframe, RecordingGap, SegmentRecorded
from schemas.media import segment_key
from tests.beside import until
from tests.fakes import FakeLog, FakeStore

BYTES = b"footage" * 100


def segment(start_ms: int) -> SegmentRecorded:
    return SegmentRecorded(
        media="cam", observed_ms=start_ms + 7000, start_ms=start_ms, end_ms=start_ms + 6000,
        object_key=segment_key("cam", start_ms), size_bytes=len(BYTES), sha256=hashlib.sha256(BYTES).hexdigest(),
        video_codec="h264", width_px=64, height_px=48, frames=60, run_id="r", init_len=10, codecs="avc1.640028",
        keyframes=(Keyframe(at_ms=start_ms, byte_offset=50, size_bytes=10),), gop_bytes=(5,),
    )  # fmt: skip


def put(lane: Lane, start_ms: int) -> None:
    part = lane.part(start_ms)
    part.write(BYTES)
    lane.commit(codec.encode(segment(start_ms)), start_ms, part=part)


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


def sent(folder: Path, store: FakeStore, log: FakeLog) -> None:
    """A recorder's life: two segments are sent; then it ends without a word."""
    spool = Spool(folder, 1 << 30, 0)
    for start_ms in (1000, 7000):
        put(spool.lane("cam"), start_ms)
    drain(spool, store, log)
    assert [entry.at for entry in spool.lane("cam").settled] == [1000, 7000]


def drain(spool: Spool, store: FakeStore, log: FakeLog) -> None:
    sender = Sender(spool, store, log)
    until(lambda: not any(lane.entries for lane in spool.lanes()))
    sender.stop(60)


def test_what_the_store_lost_is_sent_again_after_a_start(tmp_path: Path, store: FakeStore) -> None:
    log = FakeLog()
    sent(tmp_path, store, log)
    lost, kept = segment_key("cam", 1000), segment_key("cam", 7000)
    del store.objects[lost]
    spool = Spool(tmp_path, 1 << 30, 0)
    Linger(spool, store).look(0.0)
    assert [entry.at for entry in spool.lane("cam").entries] == [1000]
    drain(spool, store, log)
    assert store.get(lost) == store.get(kept) == BYTES
    assert [fact.start_ms for fact in log.facts if isinstance(fact, SegmentRecorded)] == [1000, 7000, 1000]


def test_an_object_cut_short_counts_as_lost(tmp_path: Path, store: FakeStore) -> None:
    sent(tmp_path, store, FakeLog())
    store.put(segment_key("cam", 7000), BYTES[:-1])
    spool = Spool(tmp_path, 1 << 30, 0)
    Linger(spool, store).look(0.0)
    assert [entry.at for entry in spool.lane("cam").entries] == [7000]


def test_what_arrived_lingers_and_then_goes(tmp_path: Path, store: FakeStore) -> None:
    sent(tmp_path, store, FakeLog())
    spool = Spool(tmp_path, 1 << 30, 0)
    linger = Linger(spool, store, linger_s=90)
    linger.look(1000.0)
    linger.look(1089.0)
    assert len(spool.lane("cam").settled) == 2
    linger.look(1090.0)
    assert spool.lane("cam").settled == []
    assert [path.name for path in (tmp_path / "cam").iterdir() if path.name != "state"] == []


def test_nothing_is_dropped_or_sent_again_while_the_store_is_away(tmp_path: Path, store: FakeStore) -> None:
    sent(tmp_path, store, FakeLog())
    spool = Spool(tmp_path, 1 << 30, 0)
    linger = Linger(spool, store, linger_s=1)
    store.down = True
    linger.look(0.0)
    linger.look(100.0)
    assert len(spool.lane("cam").settled) == 2
    assert spool.lane("cam").entries == []


def test_on_a_full_disk_what_lingers_goes_before_anything_unsent(tmp_path: Path, store: FakeStore) -> None:
    sent(tmp_path, store, FakeLog())
    spool = Spool(tmp_path, 1 << 30, free_bytes=1 << 60)
    put(spool.lane("cam"), 13_000)
    assert make_room(spool) == 1
    assert spool.lane("cam").settled == []
    spool = Spool(tmp_path, most_bytes=1 << 30, free_bytes=0)
    assert [type(codec.decode("segments", e.note.read_bytes())) for e in spool.lane("cam").entries] == [RecordingGap]


def test_a_spoilt_note_is_set_aside_and_what_follows_is_sent(tmp_path: Path, store: FakeStore) -> None:
    spool, log = Spool(tmp_path, 1 << 30, 0), FakeLog()
    for start_ms in (1000, 7000):
        put(spool.lane("cam"), start_ms)
    spool.lane("cam").entries[0].note.write_bytes(b"\x00")
    drain(spool, store, log)
    assert [fact.start_ms for fact in log.facts if isinstance(fact, SegmentRecorded)] == [7000]
    assert sorted(path.name for path in (tmp_path / "cam").glob("*.bad")) == [
        "000000000001-1000.json.bad",
        "000000000001-1000.mp4.bad",
    ]
