"""``archive.mp4``: what comes out is what was recorded, frame by frame."""

import io
from itertools import pairwise

import av
import pytest

from api.times import parse
from tests.footage import Footage, Shape, frames, record
from tests.unit.api.client import World

START = Shape().start_ms
SHAPES = {
    "plain": Shape(),
    "b-frames and sound": Shape(b_frames=2, sound=True, seconds=8),
    "hevc": Shape(codec="libx265", b_frames=2),
    "long groups": Shape(gop=100, seconds=12, segment_ms=4000, fps=20),
}


def exported(world: World, footage: list[Footage], from_ms: int = 0, to_ms: int = 600_000, **more: object) -> bytes:
    world.keep(footage)
    answer = world.get("media/cam/archive.mp4", from_ms=START + from_ms, to_ms=START + to_ms, **more)
    assert answer.status_code == 200, answer.text
    return answer.content


def source_frames(footage: list[Footage]) -> list[tuple[float, str]]:
    """(true time since START in s, picture) of every frame, as recorded."""
    found = []
    for fact, data in footage:
        own = frames(data)
        found += [((fact.start_ms - START) / 1000 + at - own[0][0], picture) for at, picture in own]
    return found


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_no_frame_is_lost_or_doubled_and_times_are_true(shape: Shape, world: World) -> None:
    footage = record(shape)
    got, wanted = frames(exported(world, footage)), source_frames(footage)
    assert [picture for _, picture in got] == [picture for _, picture in wanted]
    assert all(abs(at - true) < 0.002 for (at, _), (true, _) in zip(got, wanted, strict=True))


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_the_range_starts_at_the_key_frame_before_and_stops_at_its_end(shape: Shape, world: World) -> None:
    footage = record(shape)
    content = exported(world, footage, 2_700, 5_200)
    key_ms = max(frame.at_ms - START for one in footage for frame in one.fact.keyframes if frame.at_ms - START <= 2_700)
    wanted = [picture for at, picture in source_frames(footage) if key_ms / 1000 - 0.001 <= at < 5.199]
    got = [picture for _, picture in frames(content)]
    # A picture shown before the end may need one shown after it: then that one comes along.
    assert got[: len(wanted)] == wanted or set(wanted) <= set(got)
    assert len(got) - len(wanted) <= shape.b_frames
    assert start_of(content) == START + key_ms


def start_of(content: bytes) -> int:
    with av.open(io.BytesIO(content)) as file:
        return parse(file.metadata["creation_time"])


def test_sound_survives_in_step_with_its_pictures(world: World) -> None:
    shape = SHAPES["b-frames and sound"]
    with av.open(io.BytesIO(exported(world, record(shape), 2_000))) as file:
        sound = [float(packet.pts * packet.time_base) for packet in file.demux(audio=0) if packet.pts is not None]
    assert 0 <= sound[0] < 0.025
    assert all(0.020 < after - before < 0.023 for before, after in pairwise(sound))
    assert abs(sound[-1] - 5.97) < 0.04


def two_runs(gap_ms: int, **later: object) -> list[Footage]:
    shape = {"sound": True, "b_frames": 2, "seconds": 4.0}
    return record(Shape(**shape)) + record(
        Shape(start_ms=START + 4000 + gap_ms, run="run2", colour=1, **(shape | later))
    )


def test_a_gap_takes_its_time_in_the_file(world: World) -> None:
    footage = two_runs(60_000)
    got, wanted = frames(exported(world, footage)), source_frames(footage)
    assert [picture for _, picture in got] == [picture for _, picture in wanted]
    assert all(abs(at - true) < 0.002 for (at, _), (true, _) in zip(got, wanted, strict=True))


def test_a_gap_can_be_left_out(world: World) -> None:
    got = frames(exported(world, two_runs(60_000), gaps="skip"))
    assert len(got) == 200
    assert got[-1][0] == pytest.approx(7.96, abs=0.002)


def test_where_recordings_overlap_every_moment_is_there_once(world: World) -> None:
    footage = record(Shape(seconds=8)) + record(Shape(seconds=8, start_ms=START + 5_300, run="run2", colour=1))
    got = frames(exported(world, footage))
    times = [at for at, _ in got]
    assert times == sorted(set(times))
    assert times[0] == 0
    assert times[-1] == pytest.approx(13.26, abs=0.002)
    assert max(after - before for before, after in pairwise(times)) < 0.061


def test_a_change_of_format_names_the_ranges_that_can_be_exported(world: World) -> None:
    world.keep(two_runs(1000, width=640, height=360))
    answer = world.get("media/cam/archive.mp4", from_ms=START, to_ms=START + 60_000)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:sightlog:problem:format-changes")
    told = answer.json()["ranges"]
    assert [one["width_px"] for one in told] == [320, 640]
    for one in told:
        part = world.get("media/cam/archive.mp4", from_ms=one["from_ms"], to_ms=one["to_ms"])
        assert part.status_code == 200
        assert len(frames(part.content)) == 100


def test_the_file_says_how_long_it_is_and_where_its_key_frames_are(world: World) -> None:
    content = exported(world, record(Shape(seconds=8)))
    with av.open(io.BytesIO(content)) as file:
        assert file.duration == 8_000_000
        file.seek(5_500_000)
        assert next(file.decode(video=0)).time == 5.0
    assert content[-16:-8] == b"\0\0\0\x10mfro"


def test_the_download_has_a_name_in_any_script(world: World) -> None:
    world.keep(record(Shape(seconds=2, media="tył")))
    answer = world.get("media/tył/archive.mp4", from_ms=START, to_ms=START + 2000)
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"ty_ 2026-09-21T14-13-20Z.mp4\"; filename*=UTF-8''ty%C5%82%202026-09-21T14-13-20Z.mp4"
    )


@pytest.mark.parametrize("damage", [b"", b"junk", b"\0" * 2000])
def test_a_damaged_object_is_a_clear_answer(damage: bytes, world: World) -> None:
    footage = record(Shape(seconds=2))
    world.keep(footage)
    world.store.put(footage[0].fact.object_key, damage)
    for path in (f"archive.mp4?from_ms={START}&to_ms={START + 1}", f"preview.jpg?at_ms={START}"):
        answer = world.ask("GET", f"/api/v1/media/cam/{path}")
        assert answer.status_code == 404
        assert answer.json()["type"].endswith("unreadable")
        assert footage[0].fact.object_key not in answer.text


def test_an_object_that_is_gone_is_said_without_its_key_which_the_journal_has(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    footage = record(Shape(seconds=2))
    world.keep(footage)
    key = footage[0].fact.object_key
    world.store.delete([key])
    for path in (f"archive.mp4?from_ms={START}&to_ms={START + 1}", f"preview.jpg?at_ms={START}"):
        answer = world.ask("GET", f"/api/v1/media/cam/{path}")
        assert answer.status_code == 404
        assert "its object is gone" in answer.json()["detail"]
        assert key not in answer.text
        assert key in "".join(capsys.readouterr())


def test_one_segment_is_in_memory_at_a_time(world: World) -> None:
    footage = record(Shape(seconds=8))
    reads: list[str] = []
    get = world.store.get
    world.store.get = lambda key: (reads.append(key), get(key))[1]  # type: ignore[method-assign]
    exported(world, footage)
    assert reads == [one.fact.object_key for one in footage]
