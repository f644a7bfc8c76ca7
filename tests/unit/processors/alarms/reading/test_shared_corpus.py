"""Every mail of the shared corpus says what its manifest says it says."""

from typing import Any

import pytest

from tests.alarm_mails import SHARED, camera, directory, manifest, reading, utc_ms

MAILS = manifest(SHARED)
OFFSET_OF_DATE_HEADER = {"04_dahua_ezip_motion_start.eml": "+02:00", "07_amcrest_to_localpart.eml": "-07:00"}
SAID = {"22_test_mail_not_alarm.eml": "test", "23_hikvision_disk_full.eml": "other"}

pytestmark = pytest.mark.skipif(not MAILS, reason="the shared corpus is not beside this checkout")


def read_with(entry: dict[str, Any], *catch: str) -> Any:
    raw = (SHARED / entry["file"]).read_bytes()
    cameras = directory(camera(entry["expected_camera"], *catch), camera("somebody-else", *catch))
    return reading(raw, cameras, *entry["envelope"]["rcpt_to"], mail_from=entry["envelope"]["mail_from"])


@pytest.mark.parametrize("entry", MAILS, ids=lambda entry: entry["file"])
def test_the_camera_the_kind_and_the_pictures_are_found(entry: dict[str, Any]) -> None:
    word = "motion" if entry["match_word_motion"] else "intrusion"
    said = read_with(entry, word)
    assert [(found.media, found.kind) for found in said.found] == [
        (entry["expected_camera"], "start" if entry["is_alarm"] else SAID[entry["file"]])
    ]
    assert len(said.pictures) == entry["jpegs"]


@pytest.mark.parametrize("entry", [entry for entry in MAILS if entry["is_alarm"]], ids=lambda entry: entry["file"])
def test_the_word_motion_matches_where_it_stands_and_nowhere_else(entry: dict[str, Any]) -> None:
    said = read_with(entry, "motion")
    assert [found.matched for found in said.found] == (["motion"] if entry["match_word_motion"] else [])
    assert said.error == ("" if entry["match_word_motion"] else "no_match")


@pytest.mark.parametrize(
    "entry", [entry for entry in MAILS if entry["expected_device_name"]], ids=lambda entry: entry["file"]
)
def test_the_device_is_called_what_the_mail_calls_it(entry: dict[str, Any]) -> None:
    (found,) = read_with(entry, "motion", "intrusion").found
    device, _, channel = entry["expected_device_name"].partition(" / channel ")
    assert found.device == device
    assert not channel or found.channel == channel


@pytest.mark.parametrize(
    "entry", [entry for entry in MAILS if entry["expected_event_time"]], ids=lambda entry: entry["file"]
)
def test_the_time_is_the_one_that_the_mail_claims(entry: dict[str, Any]) -> None:
    (found,) = read_with(entry, "motion", "intrusion").found
    assert found.claimed_ms == utc_ms(entry["expected_event_time"] + OFFSET_OF_DATE_HEADER.get(entry["file"], ""))
