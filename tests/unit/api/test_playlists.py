"""Playlists as text."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from api import footage, live, playlists
from api.footage import Piece, Segment
from api.playlists import Links, Mark
from api.times import parse
from tests.unit.api.test_footage import recordings, segment

LINKS = Links(lambda key: f"https://store/{key}?sig", lambda piece: f"/cut?{piece.start_ms}-{piece.end_ms}")


def text_of(segments: list[Segment], from_ms: int = 0, marks: tuple[Mark, ...] = ()) -> str:
    return playlists.archive(footage.shown(segments), LINKS, from_ms, marks)


@given(recordings())
def test_dates_never_go_back_and_no_piece_reaches_into_the_next(segments: list[Segment]) -> None:
    text = text_of(segments)
    dates = [parse(line) for line in re.findall(r"#EXT-X-PROGRAM-DATE-TIME:(\S+)", text)]
    lengths = [round(float(one) * 1000) for one in re.findall(r"#EXTINF:([\d.]+),", text)]
    ends = [date + length for date, length in zip(dates, lengths, strict=True)]
    assert all(end <= after for end, after in zip(ends, dates[1:], strict=False))


@given(recordings())
def test_byte_ranges_lie_inside_their_object(segments: list[Segment]) -> None:
    for size, offset in re.findall(r"#EXT-X-BYTERANGE:(\d+)@(\d+)", text_of(segments)):
        assert int(offset) == 700
        assert int(offset) + int(size) == 9000


@given(recordings())
def test_the_target_duration_is_never_too_short(segments: list[Segment]) -> None:
    text = text_of(segments)
    target = int(re.findall(r"TARGETDURATION:(\d+)", text)[0])
    assert all(float(length) <= target for length in re.findall(r"#EXTINF:([\d.]+),", text))


def test_a_new_run_starts_anew_with_its_own_initialisation() -> None:
    lines = text_of([segment(0, 2000), segment(2000, 4000, "b")]).splitlines()
    at = lines.index("#EXT-X-DISCONTINUITY")
    assert lines[at + 1] == '#EXT-X-MAP:URI="https://store/b/2000?sig",BYTERANGE="700@0",X-CODECS="avc1.42c00c"'
    assert sum(line.startswith("#EXT-X-MAP") for line in lines) == 2


def test_a_hole_inside_a_run_is_a_discontinuity() -> None:
    assert "#EXT-X-DISCONTINUITY" in text_of([segment(0, 2000), segment(2200, 4000)])
    assert "#EXT-X-DISCONTINUITY" not in text_of([segment(0, 2000), segment(2050, 4000)])


def test_another_format_is_a_discontinuity_even_inside_a_run() -> None:
    assert "#EXT-X-DISCONTINUITY" in text_of([segment(0, 2000), segment(2000, 4000, width_px=640)])


def test_a_seam_is_cut_by_us_and_everything_else_comes_from_the_store() -> None:
    text = text_of([segment(0, 6000), segment(4500, 9000, "b")])
    assert "/cut?0-4500" in text
    assert text.count("#EXT-X-BYTERANGE") == 1


def test_players_are_told_to_begin_at_the_moment_asked_for() -> None:
    assert "#EXT-X-START:TIME-OFFSET=1.500,PRECISE=YES" in text_of([segment(1000, 6000)], from_ms=2500)
    assert "#EXT-X-START" not in text_of([segment(1000, 6000)], from_ms=0)


def test_marks_are_date_ranges_with_string_ids() -> None:
    mark = Mark("18446744073709551615", 1000, 2500, "motion", (("title", 'a "door"\n'), ("score_pct", 7)))
    assert (
        '#EXT-X-DATERANGE:ID="18446744073709551615",CLASS="motion",START-DATE="1970-01-01T00:00:01.000Z",'
        'END-DATE="1970-01-01T00:00:02.500Z",X-TITLE="a \'door\' ",X-SCORE-PCT=7'
    ) in text_of([segment(0, 6000)], marks=(mark,))


def test_an_open_mark_has_no_end() -> None:
    assert "END-DATE" not in playlists.date_range(Mark("1", 1000, None, "motion"))


def test_the_multivariant_playlist_names_every_codec_once() -> None:
    segments = [segment(0, 1000), segment(1000, 2000, codecs="avc1.42c00c,mp4a.40.2"), segment(2000, 3000)]
    text = playlists.multivariant(segments, "x.m3u8")
    assert 'CODECS="avc1.42c00c,mp4a.40.2"' in text
    assert "RESOLUTION=320x180" in text
    assert text.endswith("\nx.m3u8\n")


@given(recordings())
def test_live_numbers_only_grow_and_name_the_same_segment_for_ever(segments: list[Segment]) -> None:
    ordered = sorted(segments, key=lambda one: one.start_ms)
    named: dict[int, tuple[Segment, int]] = {}
    last = (0, 0)
    for count in range(1, len(ordered) + 1):
        pieces, opening = live.window_since(ordered[:count], ordered[0].start_ms)
        assert (opening.sequence, opening.discontinuities) >= last
        last = (opening.sequence, opening.discontinuities)
        for number, discontinuities, piece in numbered(pieces, opening):
            assert named.setdefault(number, (piece.segment, discontinuities)) == (piece.segment, discontinuities)


def numbered(pieces: list[Piece], opening: playlists.Opening) -> list[tuple[int, int, Piece]]:
    """(media sequence number, discontinuity number, piece), as a player counts."""
    found = []
    discontinuities = opening.discontinuities
    for offset, (before, piece) in enumerate(pairwise([None, *pieces])):
        assert piece
        discontinuities += bool(before and playlists.breaks(before.segment, piece.segment))
        found.append((opening.sequence + offset, discontinuities, piece))
    return found


@given(recordings())
def test_live_keeps_the_initialisation_of_a_run_while_the_window_moves(segments: list[Segment]) -> None:
    ordered = sorted(segments, key=lambda one: one.start_ms)
    pieces, opening = live.window_since(ordered, ordered[0].start_ms)
    assert opening.init
    assert not pieces or opening.init.run_id == pieces[0].segment.run_id


@given(recordings(), st.integers(0, 200_000))
def test_live_initialises_by_what_began_late_enough_and_is_of_the_same_recording(
    segments: list[Segment], fresh_ms: int
) -> None:
    ordered = sorted(segments, key=lambda one: one.start_ms)
    pieces, opening = live.window_since(ordered, ordered[0].start_ms, fresh_ms)
    assert bool(pieces) == bool(opening.init)
    if opening.init:
        assert fresh_ms <= opening.init.start_ms <= pieces[0].start_ms
        assert (opening.init.run_id, opening.init.format) == (pieces[0].segment.run_id, pieces[0].segment.format)


def test_live_keeps_an_initialisation_for_a_minute_where_the_first_may_not_be_shown() -> None:
    segments = [segment(at, at + 2000) for at in range(0, 1_200_000, 2000)]
    inits = []
    for count in range(200, len(segments)):
        opening = live.window_since(segments[:count], 0, segments[count].start_ms - 120_000)[1]
        assert opening.init
        inits.append(opening.init)
    changes = sum(before != after for before, after in pairwise(inits))
    assert changes == (1_200_000 - 400_000) // 60_000


def test_a_live_playlist_is_open_and_numbered() -> None:
    segments = [segment(at, at + 2000) for at in range(0, 40_000, 2000)]
    pieces, opening = live.window_since(segments, 0)
    text = playlists.live(pieces, LINKS, opening, live.target_duration_s(pieces, 6000))
    assert "#EXT-X-MEDIA-SEQUENCE:12" in text
    assert "#EXT-X-TARGETDURATION:6" in text
    assert "ENDLIST" not in text
    assert len(pieces) == live.WINDOW
