import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.media.rows import MediaRow, rows, without_secrets
from schemas.facts import MediaConfigured, MediaRemoved, MotionConfig
from schemas.motion import Zone
from schemas.protection import ProtectConfig

SECRET = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20).map("pw".__add__)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("rtsp://admin:secret@10.0.0.5:554/ch1", "rtsp://admin:***@10.0.0.5:554/ch1"),
        ("rtsp://admin:p@ss/word@10.0.0.5/ch1", "rtsp://admin:***@10.0.0.5/ch1"),
        ("rtsp://10.0.0.5/ch1", "rtsp://10.0.0.5/ch1"),
        ("rtsp://admin@10.0.0.5/ch1", "rtsp://admin@10.0.0.5/ch1"),
        ("http://cam/video?user=admin&pwd=secret", "http://cam/video?user=***&pwd=***"),
        ("/dev/video0", "/dev/video0"),
        ("", ""),
    ],
)
def test_a_source_is_shown_without_its_secrets(source: str, shown: str) -> None:
    assert without_secrets(source) == shown


@given(SECRET)
def test_no_password_of_any_characters_is_shown(secret: str) -> None:
    assert secret not in without_secrets(f"rtsp://user:{secret}@camera.example/live")


@given(st.text(max_size=60))
def test_hiding_secrets_twice_changes_nothing_more(source: str) -> None:
    assert without_secrets(without_secrets(source)) == without_secrets(source)


def test_a_configured_camera_is_one_row_with_everything_but_the_password() -> None:
    fact = MediaConfigured(media="tył", observed_ms=5, source="rtsp://a:b@h/1", title="Yard", catch=("motion", "alarm"))
    (row,) = rows(fact, 1, 2)
    assert isinstance(row, MediaRow)
    assert (row.media, row.source, row.title, row.catch) == ("tył", "rtsp://a:***@h/1", "Yard", ("motion", "alarm"))
    assert (row.is_deleted, row.src_partition, row.src_offset) == (0, 1, 2)


def test_a_password_of_mails_is_only_known_to_be_there() -> None:
    with_one = MediaConfigured(media="a", observed_ms=5, mail_login="nvr", mail_password="hunter", time_zone="UTC")
    (row,), (bare,) = rows(with_one, 1, 2), rows(MediaConfigured(media="a", observed_ms=5), 1, 2)
    assert isinstance(row, MediaRow)
    assert isinstance(bare, MediaRow)
    assert (row.mail_login, row.mail_password, row.time_zone, bare.mail_password) == ("nvr", "***", "UTC", "")


def test_a_removed_camera_is_a_tombstone_on_the_same_key() -> None:
    (row,) = rows(MediaRemoved(media="tył", observed_ms=6), 1, 3)
    assert isinstance(row, MediaRow)
    assert (row.media, row.is_deleted, row.src_offset) == ("tył", 1, 3)


def test_how_motion_is_sought_stands_in_the_row_whole() -> None:
    motion = MotionConfig(profile="thorough", zones=(Zone(name="drzwi", polygon=((0, 0), (1, 0), (1, 1))),))
    (row,) = rows(MediaConfigured(media="tył", observed_ms=5, motion=motion), 1, 2)
    assert isinstance(row, MediaRow)
    assert msgspec.json.decode(row.motion, type=MotionConfig) == motion
    assert msgspec.json.decode(row.motion)["sensitivity"] == 50


def test_what_episodes_keep_stands_in_the_row_whole() -> None:
    protect = ProtectConfig(types=("face",), after_ms=0)
    (row,) = rows(MediaConfigured(media="tył", observed_ms=5, protect=protect), 1, 2)
    assert isinstance(row, MediaRow)
    assert msgspec.json.decode(row.protect, type=ProtectConfig) == protect
    assert msgspec.json.decode(row.protect)["before_ms"] == 5000
