from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from infra.spool import Spool, _quoted, _unquoted

LONGEST = "ł" * 64
"""128 bytes of UTF-8, the longest name a media may have."""


def test_the_longest_media_name_fits_and_is_found_again(tmp_path: Path) -> None:
    Spool(tmp_path, 1 << 20, 0).lane(LONGEST).commit(b"note", at=1)
    assert [(lane.name, len(lane.entries)) for lane in Spool(tmp_path, 1 << 20, 0).lanes()] == [(LONGEST, 1)]


@given(st.text(min_size=1))
def test_a_lane_name_comes_back_from_its_folder_and_is_never_a_path(name: str) -> None:
    assert "/" not in _quoted(name)
    assert _unquoted(_quoted(name)) == name
