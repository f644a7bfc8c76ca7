from typing import Any

from processors.motion.rules.spans import judged, parameters
from processors.motion.runs.anew import NEVER_LOOKED, judged_anew, passed_over
from schemas.facts import Look, MotionConfig, SegmentScanned
from schemas.intervals import Span
from schemas.motion import Zone

LEFT = bytes(200 if column < 4 else 0 for _ in range(9) for column in range(16))
RIGHT = bytes(200 if column >= 12 else 0 for _ in range(9) for column in range(16))
LEFT_HALF = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
MASKED = MotionConfig(zones=(Zone(name="tree", polygon=LEFT_HALF, kind="mask"),))


def live(*grids: bytes, **fields: Any) -> SegmentScanned:
    """A live verdict on ten seconds with a look every two, as its detector told it."""
    looks = tuple(Look(at_ms=2000 * n, score=0.5 if grid else 0.0, grid=grid) for n, grid in enumerate(grids))
    spans = judged(Span(0, 10_000), looks, MotionConfig())
    told: dict[str, Any] = {
        "media": "gate", "observed_ms": 11_000, "start_ms": 0, "end_ms": 10_000, "level": "keyframes",
        "verdict": "motion" if spans else "still", "spans": spans, "looks": looks, "detector": "cascade",
        "version": "1", "parameters": parameters(MotionConfig()), "begins_run": True, "baseline_from_ms": 7,
    }  # fmt: skip
    return SegmentScanned(**(told | fields))


def test_under_the_same_settings_a_run_says_the_same() -> None:
    was = live(b"", LEFT, LEFT, b"", RIGHT)
    (again,) = judged_anew([was], MotionConfig(), "again", 99_000)
    assert (again.run, again.observed_ms) == ("again", 99_000)
    assert (again.verdict, again.spans, again.looks, again.level) == (was.verdict, was.spans, was.looks, was.level)
    assert (again.detector, again.version, again.begins_run, again.baseline_from_ms) == ("cascade", "1", True, 7)


def test_a_mask_takes_away_what_moved_behind_it_and_nothing_else() -> None:
    was = live(b"", LEFT, LEFT, b"", RIGHT, preview_key="p", preview_ms=2000)
    (again,) = judged_anew([was], MASKED, "again", 99_000)
    assert [(one.start_ms, one.end_ms) for one in again.spans] == [(7000, 10_000)]
    assert again.verdict == "motion"
    assert (again.preview_key, again.preview_ms) == (None, None)
    assert again.parameters == parameters(MASKED)


def test_where_nothing_is_left_the_verdict_is_still() -> None:
    (again,) = judged_anew([live(b"", LEFT, LEFT, b"", b"")], MASKED, "again", 99_000)
    assert (again.verdict, again.spans) == ("still", ())


def test_a_picture_that_shows_what_still_counts_stays() -> None:
    was = live(b"", LEFT, LEFT, b"", RIGHT, preview_key="p", preview_ms=8000)
    (again,) = judged_anew([was], MASKED, "again", 99_000)
    assert (again.preview_key, again.preview_ms) == ("p", 8000)


def test_unreadable_stays_unreadable() -> None:
    was = live(verdict="unreadable", reason="no header", level="none")
    (again,) = judged_anew([was], MASKED, "again", 99_000)
    assert (again.verdict, again.reason, again.level) == ("unreadable", "no header", "none")


def test_what_nobody_looked_at_then_cannot_be_judged_now() -> None:
    (again,) = judged_anew([live(level="none", reason="motion detection is off")], MASKED, "again", 99_000)
    assert (again.verdict, again.reason, again.level) == ("still", NEVER_LOOKED, "none")


def test_what_a_run_does_not_want_to_know_is_passed_over() -> None:
    again = passed_over(live(b"", LEFT, LEFT), MASKED, "not at this hour", "again", 99_000)
    assert (again.verdict, again.level, again.reason, again.spans, again.looks) == (
        "still", "none", "not at this hour", (), (),
    )  # fmt: skip


def test_many_at_once_are_judged_as_each_by_itself() -> None:
    many = [live(b"", LEFT, b""), live(), live(RIGHT, RIGHT), live(b"", b""), live(LEFT, b"", RIGHT)]
    assert judged_anew(many, MASKED, "again", 5) == [judged_anew([one], MASKED, "again", 5)[0] for one in many]
