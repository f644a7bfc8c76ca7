"""Which footage is shown where recordings overlap."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.footage import SEAM_MS, Piece, Segment, as_they_came, shown
from schemas.intervals import Span, total_ms, union


def segment(start: int, end: int, run: str = "a", **more: object) -> Segment:
    values = {
        "start_ms": start, "end_ms": end, "run_id": run, "object_key": f"{run}/{start}", "size_bytes": 9000,
        "init_len": 700, "codecs": "avc1.42c00c", "video_codec": "h264", "audio_codec": None, "width_px": 320,
        "height_px": 180,
    }  # fmt: skip
    return Segment(**(values | more))  # type: ignore[arg-type]


def told(pieces: list[Piece]) -> list[tuple[str, int, int]]:
    return [(one.segment.run_id, one.start_ms, one.end_ms) for one in pieces]


CASES = {
    "one run": ([segment(0, 10), segment(10, 20)], [("a", 0, 10), ("a", 10, 20)]),
    "a hole": ([segment(0, 1000), segment(9000, 9500, "b")], [("a", 0, 1000), ("b", 9000, 9500)]),
    "the old run is cut where the new one starts": (
        [segment(0, 6000), segment(4500, 9000, "b")], [("a", 0, 4500), ("b", 4500, 9000)],
    ),
    "a run that goes on is not left": (
        [segment(0, 6000), segment(3000, 9000, "b"), segment(6000, 12000)], [("a", 0, 6000), ("a", 6000, 12000)],
    ),
    "the change-over is as late as it can be": (
        [segment(0, 6000), segment(1000, 3000, "b"), segment(3000, 5000, "b"), segment(5000, 7000, "b")],
        [("a", 0, 5000), ("b", 5000, 7000)],
    ),
    "a run inside another is left out": ([segment(0, 9000), segment(2000, 4000, "b")], [("a", 0, 9000)]),
    "of two that start together the longer is shown": (
        [segment(0, 2000), segment(0, 6000, "b")], [("b", 0, 6000)],
    ),
    "a segment told twice is shown once": ([segment(0, 10), segment(0, 10)], [("a", 0, 10)]),
}  # fmt: skip


@pytest.mark.parametrize(("segments", "wanted"), CASES.values(), ids=CASES.keys())
def test_what_is_shown(segments: list[Segment], wanted: list[tuple[str, int, int]]) -> None:
    assert told(shown(segments)) == wanted


@st.composite
def recordings(draw: st.DrawFn) -> list[Segment]:
    """Runs of joined segments, anywhere."""
    found = []
    for run in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, 30_000))
        for length in draw(st.lists(st.integers(500, 7000), min_size=1, max_size=8)):
            found.append(segment(at, at + length, f"r{run}"))
            at += length
    return found


@given(recordings())
def test_every_recorded_moment_is_shown_exactly_once(segments: list[Segment]) -> None:
    pieces = shown(segments)
    assert all(left.end_ms <= right.start_ms for left, right in pairwise(pieces))
    assert all(piece.length_ms > 0 for piece in pieces)
    recorded = total_ms(Span(one.start_ms, one.end_ms) for one in segments)
    assert total_ms(Span(one.start_ms, one.end_ms) for one in pieces) == recorded


@given(recordings())
def test_a_cut_always_ends_where_the_next_piece_starts(segments: list[Segment]) -> None:
    for left, right in pairwise(shown(segments)):
        if left.end_ms != left.segment.end_ms:
            assert left.end_ms == right.start_ms


@given(recordings(), st.integers(0, 32))
def test_footage_that_comes_later_changes_nothing_live_players_have(segments: list[Segment], count: int) -> None:
    ordered = sorted(segments, key=lambda one: one.start_ms)
    before = [piece.segment for piece in as_they_came(ordered[:count])]
    assert [piece.segment for piece in as_they_came(ordered)][: len(before)] == before


@given(recordings())
def test_live_dates_never_go_back(segments: list[Segment]) -> None:
    pieces = as_they_came(sorted(segments, key=lambda one: one.start_ms))
    assert all(left.end_ms <= right.start_ms for left, right in pairwise(pieces))


def test_rounding_is_no_cut() -> None:
    assert not Piece(segment(0, 6000), 6000 - SEAM_MS).is_cut
    assert union([Span(0, 6000)])
