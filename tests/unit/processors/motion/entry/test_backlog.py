"""Who is looked at next: in order per camera, one at a time, the cameras in turn."""

from processors.motion.entry.backlog import Backlog, Job
from processors.motion.entry.chain import Bounds, Hole, Known
from schemas.motion import MotionConfig

BOUNDS = Bounds(60_000, 10_000, 5000)


def job(media: str, start_ms: int, partition: int = 0) -> Job:
    known = Known(media, "run", start_ms, start_ms + 10, 0, False, "", b"")
    return Job(start_ms, partition, start_ms, known, MotionConfig(), BOUNDS)


def all_of(backlog: Backlog, eye: int = 0) -> list[tuple[str, int]]:
    found = []
    while (one := backlog.begin(eye)) is not None:
        found.append((one.media, one.segment.start_ms))
        backlog.end(one.media)
    return found


def test_cameras_have_their_turns_and_each_its_order_of_time() -> None:
    backlog = Backlog(1)
    for start_ms in (30, 10, 20):
        backlog.put(job("flood", start_ms))
    backlog.put(job("calm", 5))
    assert len(backlog) == 4
    assert all_of(backlog) == [("flood", 10), ("calm", 5), ("flood", 20), ("flood", 30)]
    assert not backlog.has_ready


def test_of_a_camera_one_segment_is_in_hand() -> None:
    backlog = Backlog(1)
    backlog.put(job("a", 10))
    backlog.put(job("a", 20))
    first = backlog.begin(0)
    assert first is not None
    assert backlog.begin(0) is None
    backlog.end("a")
    second = backlog.begin(0)
    assert second is not None
    assert second.segment.start_ms == 20


def test_a_camera_stays_with_its_eye_and_cameras_are_spread() -> None:
    backlog = Backlog(2)
    for start_ms in (1, 2):
        for media in "abcd":
            backlog.put(job(media, start_ms))
    per_eye = [{media for media, _ in all_of(backlog, eye)} for eye in (0, 1)]
    assert [len(cameras) for cameras in per_eye] == [2, 2]
    assert not per_eye[0] & per_eye[1]


def test_what_waits_comes_with_what_it_waits_for_or_when_that_is_overdue() -> None:
    backlog = Backlog(1)
    hole = Hole("a", "run", 50, due_ms=1000)
    backlog.wait(job("a", 50), hole)
    backlog.wait(job("a", 60), hole)
    backlog.wait(job("b", 70), Hole("b", "run", 70, due_ms=2000))
    assert backlog.next_due_ms(0) == 1000
    assert [one.segment.start_ms for one in backlog.came(("a", "run", 50))] == [50, 60]
    assert backlog.next_due_ms(0) == 2000
    assert backlog.overdue(0, 2000) == []
    assert [one.segment.start_ms for one in backlog.overdue(0, 2001)] == [70]
    assert (len(backlog), backlog.next_due_ms(0)) == (0, None)


def test_the_others_of_a_camera_wait_for_what_was_put_off() -> None:
    backlog = Backlog(1)
    backlog.put(job("a", 10))
    backlog.put(job("a", 20))
    first = backlog.begin(0)
    assert first is not None
    backlog.put_off(first, until_s=5.0)
    assert backlog.put_back(4.9) == []
    assert backlog.begin(0) is None
    for one in backlog.put_back(5.0):
        backlog.put(one)
    assert all_of(backlog) == [("a", 10), ("a", 20)]


def test_what_is_another_s_now_is_dropped_whatever_it_waited_for() -> None:
    backlog = Backlog(2)
    for partition, media in enumerate("ab"):
        backlog.put(job(media, 10, partition))
        backlog.put(job(media, 20, partition))
        backlog.wait(job(media, 40, partition), Hole(media, "run", 40, 1000))
    put_off = backlog.begin(0)
    assert put_off is not None
    backlog.put_off(put_off, 5.0)
    backlog.drop({0})
    assert backlog.put_back(9.0) == []
    assert backlog.next_due_ms(0) is None
    assert [one.media for one in (*backlog.ready, *backlog.waiting)] == ["b", "b", "b"]
    backlog.put(job("a", 10))
    assert all_of(backlog, 0) == [("a", 10)]
