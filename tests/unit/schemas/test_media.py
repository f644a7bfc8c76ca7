"""Media names and object keys: a name is data, never a path."""

import datetime
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import media
from schemas.media import BadMediaName


@pytest.mark.parametrize(
    "name",
    [
        "gate-1",
        "tył",
        "Ворота_2",
        "カメラ",
        "كاميرا",
        "ประตูหน้า",
        "दरवाज़ा",
        "0",
        "a..b",
        "x.mp4",
        "con",
        "１２",
        "a" * 128,
        "ł" * 64,
    ],
)
def test_letters_and_digits_of_any_script_make_a_name(name: str) -> None:
    assert media.require(unicodedata.normalize("NFC", name))


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("", "empty"),
        (".", "start"), ("..", "start"), ("-rf", "start"), ("_a", "start"), ("\u0301a", "start"),
        ("../etc/passwd", "start"), ("a/b", "holds '/'"), ("a\\b", "holds"), ("a%2Fb", "holds '%'"), ("a\0b", "holds"),
        ("a b", "holds ' '"), (" a", "start"), ("a\n", "holds"), ("a\u200db", "holds"), ("a\u202eb", "holds"),
        ("half½", "holds '½'"), ("²", "start"), ("Ⅷ", "start"), ("😀", "start"), ("a😀", "holds"), ("a:b", "holds"),
        ("a\ud800", "holds"), ("a?x", "holds"), ("a#", "holds"), ("a*", "holds"),
        (unicodedata.normalize("NFD", "é1"), "NFC"),
        ("a" * 129, "longer"), ("ł" * 65, "longer"), ("カ" * 43, "longer"),
    ],
)  # fmt: skip
def test_a_name_that_breaks_a_rule_is_refused_with_that_rule(name: str, rule: str) -> None:
    with pytest.raises(BadMediaName, match=rule.replace("\\", r"\\")):
        media.require(name)


def test_a_typed_name_is_normalised_before_it_is_checked() -> None:
    assert media.normalise(" te\u0301st\n") == "tést"


@given(st.text(max_size=40))
def test_any_accepted_name_stays_one_segment_of_the_key(name: str) -> None:
    try:
        media.require(name)
    except BadMediaName:
        return
    key = media.segment_key(name, 1_731_412_800_000)
    assert key.isascii()
    assert key.split("/")[0] == "segments"
    assert key.split("/")[2:] == ["2024", "11", "12", "1731412800000.mp4"]
    assert ".." not in key.split("/")


def test_the_key_of_a_segment_names_media_day_and_start() -> None:
    assert media.segment_key("tył", 1_709_251_199_999) == "segments/ty%C5%82/2024/02/29/1709251199999.mp4"


@given(st.integers(0, 253_402_300_799_999))
def test_civil_date_agrees_with_the_calendar_from_1970_to_9999(at_ms: int) -> None:
    day = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=at_ms)
    assert media.civil_date(at_ms) == (day.year, day.month, day.day)


def test_civil_date_agrees_on_every_day_of_a_whole_400_year_cycle() -> None:
    for number in range(146_097 + 1):
        day = datetime.date(1970, 1, 1) + datetime.timedelta(days=number)
        assert media.civil_date(number * 86_400_000) == (day.year, day.month, day.day)
        assert media.civil_date(number * 86_400_000 + 86_399_999) == (day.year, day.month, day.day)
