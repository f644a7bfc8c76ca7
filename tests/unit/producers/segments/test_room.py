"""A full spool gives its oldest footage up, in order, and says so in as few gaps as can be."""

from pathlib import Path

from infra.spool import Lane, Spool
from producers.segments.room import make_room
from schemas import codec
from schemas.facts import RecordingGap, SegmentRecorded
from schemas.media import segment_key
from tests.unit.producers.segments.footage import facts_of

SIZE = 1000


def put(lane: Lane, start_ms: int, end_ms: int) -> None:
    fact = SegmentRecorded(
        media=lane.name, start_ms=start_ms, end_ms=end_ms, observed_ms=end_ms, size_bytes=SIZE, sha256="0" * 64,
        object_key=segment_key(lane.name, start_ms), video_codec="h264", width_px=1, height_px=1, frames=1,
        run_id="r", init_len=1, codecs="avc1", keyframes=(), gop_bytes=(),
    )  # fmt: skip
    part = lane.part(start_ms)
    part.write(b"x" * SIZE)
    lane.commit(codec.encode(fact), start_ms, None, part)


def gaps(lane: Lane) -> list[tuple[int, int | None, str]]:
    facts = facts_of(lane)
    return [(fact.start_ms, fact.end_ms, fact.reason) for fact in facts if isinstance(fact, RecordingGap)]


def segments(lane: Lane) -> list[int]:
    return [fact.start_ms for fact in facts_of(lane) if isinstance(fact, SegmentRecorded)]


def test_with_room_nothing_goes(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 2 * SIZE, 0)
    put(spool.lane("cam"), 0, 10)
    put(spool.lane("cam"), 10, 20)
    assert make_room(spool) == 0
    assert segments(spool.lane("cam")) == [0, 10]


def test_neighbours_given_up_become_one_gap_and_the_newest_stay(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 2 * SIZE, 0)
    for start_ms in range(0, 60, 10):
        put(spool.lane("cam"), start_ms, start_ms + 10)
    assert make_room(spool) == 4
    found = Spool(tmp_path, 2 * SIZE, 0).lane("cam")
    assert gaps(found) == [(0, 40, "spool_full")]
    assert segments(found) == [40, 50]


def test_the_oldest_goes_first_whichever_camera_made_it(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 2 * SIZE, 0)
    for name, start_ms in (("a", 30), ("b", 0), ("a", 40), ("b", 20)):
        put(spool.lane(name), start_ms, start_ms + 10)
    assert make_room(spool) == 2
    assert (segments(spool.lane("a")), segments(spool.lane("b"))) == ([30, 40], [])
    assert gaps(spool.lane("b")) == [(0, 10, "spool_full"), (20, 30, "spool_full")]


def test_what_is_being_sent_stays(tmp_path: Path) -> None:
    spool = Spool(tmp_path, SIZE, 0)
    lane = spool.lane("cam")
    for start_ms in (0, 10, 20):
        put(lane, start_ms, start_ms + 10)
    lane.take(1)
    make_room(spool)
    assert segments(lane) == [0]
    assert gaps(lane) == [(10, 30, "spool_full")]


def test_a_full_disk_gives_up_everything_unsent_and_then_stops(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 1 << 40, free_bytes=1 << 60)
    for start_ms in (0, 10):
        put(spool.lane("cam"), start_ms, start_ms + 10)
    assert make_room(spool) == 2
    assert gaps(spool.lane("cam")) == [(0, 20, "disk_full")]


def test_footage_that_a_crash_left_behind_its_gap_stops_nothing(tmp_path: Path) -> None:
    lane = Spool(tmp_path, SIZE, 0).lane("cam")
    for start_ms in (0, 10, 20):
        put(lane, start_ms, start_ms + 10)
    gap = RecordingGap(media="cam", start_ms=0, end_ms=10, reason="spool_full", observed_ms=10)
    lane.entries[0].note.write_bytes(codec.encode(gap))
    spool = Spool(tmp_path, SIZE, 0)
    assert make_room(spool) == 2
    assert segments(spool.lane("cam")) == [20]
    assert gaps(spool.lane("cam")) == [(0, 20, "spool_full")]
