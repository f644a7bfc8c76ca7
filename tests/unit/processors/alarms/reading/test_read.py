"""Whose mail it is, what it is to that camera, and what the reason says when it is nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.alarms.reading.read import Directory, Found
from schemas.folding import folded
from tests.alarm_mails import camera, directory, mail, reading

YARD = directory(camera("yard"))


def told(subject: str, body: str = "", *catch: str) -> Found:
    (found,) = reading(mail(subject, body), directory(camera("yard", *catch)), "yard@x").found
    return found


# rule 2.1: whose


@pytest.mark.parametrize(
    ("address", "media"),
    [
        ("yard@x", "yard"),
        ("YARD@x", "yard"),
        ("yard+tag@x", "yard"),
        ("<yard@x>", "yard"),
        ("yard", "yard"),
        ("tyŁ@x", "tył"),
        ("ty\u0142@x", "tył"),
        ("cafe\u0301@x", "café"),
        ("n1@cams.example", "aliased"),
        ("n1@elsewhere.example", None),
        ("yar@x", None),
        ("xyard@x", None),
        ("", None),
    ],
)
def test_rule_2_1_a_whole_local_part_names_a_camera_whatever_its_case_and_domain(
    address: str, media: str | None
) -> None:
    cameras = directory(camera("yard"), camera("tył"), camera("café"), camera("aliased", aliases=["n1@cams.example"]))
    said = reading(b"Subject: motion\n\n", cameras, address)
    assert [found.media for found in said.found] == ([media] if media else [])


def test_rule_2_1_login_goes_before_recipient_before_sender_before_label() -> None:
    cameras = directory(*(camera(name) for name in ("one", "two", "three", "four", "five", "six")))
    raw = b"From: <five@x>\nTo: <three@x>\nSubject: motion\n\nChannel Name: six\n"
    who: list[dict[str, Any]] = [
        {"login": "one", "rcpt": "two@x", "mail_from": "four@x"},
        {"rcpt": "two@x", "mail_from": "four@x"},
        {"rcpt": "x@x", "mail_from": "four@x"},
        {"rcpt": "x@x", "mail_from": "four@x", "raw": raw.replace(b"three", b"y")},
        {"rcpt": "x@x", "raw": raw.replace(b"three", b"y")},
        {"rcpt": "x@x", "raw": raw.replace(b"three", b"y").replace(b"five", b"y")},
    ]
    found = [
        reading(
            one.get("raw", raw), cameras, one["rcpt"], mail_from=one.get("mail_from", ""), login=one.get("login", "")
        )
        for one in who
    ]
    assert [said.found[0].media for said in found] == ["one", "two", "three", "four", "five", "six"]


PRIVATE = (
    camera("mine", login="mine"),
    camera("also", login="shared", aliases=("nvr#1", "also-too")),
    camera("too", login="shared", title="Back Door", aliases=("nvr#2",)),
    camera("other", login="other", title="Other"),
    camera("free", title="Free"),
    camera("free2", aliases=("rec#1", "rec#Hall")),
)
NAMES = st.sampled_from(
    [
        "mine",
        "also",
        "too",
        "other",
        "free",
        "free2",
        "nvr",
        "rec",
        "shared",
        "Back Door",
        "Other",
        "Free",
        "x",
        "1",
        "2",
        "nvr#1",
        "rec#1",
        "also-too",
        "D2",
        "Hall",
    ]
)


@given(
    login=st.sampled_from(["", "mine", "shared", "other", "listener", "stranger", "free", "Mine"]),
    rcpt=st.lists(NAMES, max_size=3),
    sender=NAMES,
    header=NAMES,
    labels=st.lists(
        st.tuples(
            st.sampled_from(["Channel", "Channel Name", "Camera Name", "Device Name", "CAMERA NAME(NUM)", "Source"]),
            NAMES,
        )
    ),
    subject=NAMES,
)
def test_rule_2_1_nothing_a_mail_says_widens_what_its_login_may_touch(
    login: str, rcpt: list[str], sender: str, header: str, labels: list[tuple[str, str]], subject: str
) -> None:
    cameras = directory(*PRIVATE, listener="listener")
    body = "\n".join(f"{label}: {value}" for label, value in labels)
    raw = f"From: <{header}@x>\nTo: <{header}@x>\nSubject: motion from {subject}\n\n{body}\n".encode()
    said = reading(raw, cameras, *(f"{name}@x" for name in rcpt), mail_from=f"{sender}@x", login=login)
    everyone = {one.media for one in PRIVATE}
    owned = {one.media for one in PRIVATE if login and one.mail_login == login.lower()}
    may = owned or (everyone if login == "listener" else {"free", "free2"})
    assert {found.media for found in said.found} <= may
    assert bool(said.found) != bool(said.error)
    assert bool(said.error) == bool(said.reason)


def test_rule_2_1_the_listeners_login_may_speak_for_a_camera_with_a_login_of_its_own() -> None:
    cameras = directory(camera("yard", login="own"), listener="all")
    assert reading(mail("motion", ""), cameras, "yard@x", login="all").found[0].media == "yard"
    refused = reading(mail("motion", ""), cameras, "yard@x", login="some")
    assert refused.error == "not_allowed"
    assert "yard, which has a login of its own" in refused.reason


@pytest.mark.parametrize("channel", ["2", "02", "D2", "A2", "IP-CH2", "CH02", "Camera 02", "Gate"])
def test_rule_2_1_a_channel_of_a_recorder_is_found_as_it_is_written(channel: str) -> None:
    cameras = directory(camera("gate", aliases=("nvr#2", "nvr#gate")), camera("yard", aliases=("nvr#1",)))
    label = "Channel Name" if channel == "Gate" else "Channel"
    said = reading(mail("motion", f"{label}: {channel}"), cameras, "x@x", mail_from="NVR@x")
    assert [(found.media, found.channel) for found in said.found] == [("gate", channel)]


def test_rule_2_1_a_camera_that_is_named_after_its_number_is_found_by_its_channel() -> None:
    cameras = directory(camera("gate", aliases=("nvr#D1",)), camera("yard", aliases=("nvr#D2",)))
    said = reading(mail("motion", "CAMERA NAME(NUM): IPCamera 02(D1),Camera 01(D2)"), cameras, "nvr@x")
    assert reading(mail("motion", "CAMERA NAME(NUM): IPCamera 02(D1)"), cameras, "nvr@x").found[0].channel == "D1"
    assert [(found.media, found.channel) for found in said.found] == [("gate", "D1"), ("yard", "D2")]


def test_rule_2_1_a_channel_map_does_not_hide_the_recorders_own_name() -> None:
    cameras = directory(camera("nvr"), camera("gate", aliases=("nvr#2",)))
    assert reading(mail("motion", "Channel: 2"), cameras, "nvr@x").found[0].media == "gate"
    assert reading(mail("motion", "Channel: 3"), cameras, "nvr@x").found[0].media == "nvr"


def test_one_camera_is_found_among_ten_thousand() -> None:
    cameras = Directory.of(
        (camera(f"cam{number}", aliases=(f"nvr{number % 99}#{number}",)) for number in range(10_000)), "UTC"
    )
    assert [len(known.whole) for known in cameras.named("CAM77+x@x")] == [1]
    assert reading(mail("motion", "Channel: 9876"), cameras, f"nvr{9876 % 99}@x").found[0].media == "cam9876"


# rule 2.2: catch words


@given(
    word=st.text(st.characters(categories=("L", "Nd")), min_size=1, max_size=8),
    before=st.text("xyz ", max_size=5),
    after=st.text("xyz ", max_size=5),
    in_subject=st.booleans(),
    upper=st.booleans(),
)
def test_rule_2_2_a_word_is_found_in_subject_or_text_whatever_its_case(
    word: str, before: str, after: str, in_subject: bool, upper: bool
) -> None:
    text = f"{before}{word.upper() if upper else word}{after}"
    if folded(word) not in folded(text) or text != text.strip():
        return
    subject, body = (text, "q") if in_subject else ("q", text)
    raw = f"Subject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{body}".encode()
    (found,) = reading(raw, directory(camera("yard", word)), "yard@x").found
    assert found.matched == word or found.kind in ("test", "other")


def test_rule_2_2_a_word_of_blanks_is_in_no_mail() -> None:
    assert reading(mail("alarm", "text"), directory(camera("yard", " ")), "yard@x").error == "no_match"


def test_rule_2_2_the_subject_is_searched_before_the_text() -> None:
    assert told("line crossed", "motion", "motion", "line").matched == "line"


def test_rule_2_2_a_word_in_a_style_sheet_or_a_header_is_not_in_the_text() -> None:
    raw = mail("alarm", "<style>.motion{}</style>hello", "X-Motion: motion", "Content-Type: text/html")
    assert reading(raw, YARD, "yard@x").error == "no_match"


def test_rule_2_2_the_reason_names_the_word_to_add() -> None:
    said = reading(mail("YARD", "EVENT TYPE: Intrusion Detection\nIPC NAME: YARD"), YARD, "yard@x")
    assert said.error == "no_match"
    assert "hikvision says 'Intrusion Detection'; none of yard's words (motion)" in said.reason
    assert (
        "sightlog media add yard --catch motion --catch intrusion, then sightlog letters redrive --error no_match"
        in said.reason
    )


# rule 2.3: kinds


@pytest.mark.parametrize(
    ("subject", "body", "kind"),
    [
        ("motion", "Alarm Event: Motion Detection Start", "start"),
        ("motion", "Alarm Event: Motion Detection Stop", "stop"),
        ("motion", "Alarm Event: Motion Detection end", "stop"),
        ("motion stopped", "", "stop"),
        ("Motion has ended at gate", "", "stop"),
        ("motion detected at the bus stop", "", "start"),
        ("motion: end gate", "", "start"),
        ("motion", "事件类型：移动侦测结束", "stop"),
        ("motion", "Ereignistyp: Bewegung beendet", "stop"),
        ("motion", "Événement: Détection terminée", "stop"),
        ("motion", "Тип события: движение прекращено", "stop"),
        ("motion", "Evento: Detección de movimiento finalizada", "stop"),
        ("Test mail", "motion", "test"),
        ("motion test", "", "start"),
        ("Test", "", "test"),
        ("NVR: Test email", "", "test"),
        ("email", "This is only a test of the settings", "test"),
        ("测试邮件", "", "test"),
        ("test in the west: motion", "", "start"),
        ("motion", "Event Type: Video Loss", "other"),
        ("Illegal Login", "Camera: motion", "other"),
        ("IP address conflicted", "", "other"),
        ("Network disconnected", "", "other"),
        ("硬盘满", "", "other"),
        ("Dysk pełny", "", "other"),
        ("Motion detected", "We mail again when motion stops.", "start"),
        ("Notice", "Motion has stopped.", "stop"),
        ("motion on the camera that went offline", "", "start"),
        ("motion", "If you lose video: video loss is told too", "start"),
    ],
)
def test_rule_2_3_what_a_mail_is(subject: str, body: str, kind: str) -> None:
    raw = mail(subject, body, "Content-Type: text/plain; charset=utf-8")
    assert [found.kind for found in reading(raw, YARD, "yard@x").found] == [kind]


def test_rule_2_3_a_stop_needs_its_catch_word_as_well() -> None:
    raw = mail("alarm", "Alarm Event: Tripwire Stop\nAlarm Input Channel: 1")
    assert reading(raw, YARD, "yard@x").error == "no_match"


def test_rule_2_3_every_mail_is_neither_test_nor_trouble() -> None:
    assert told("anything", "", "*") == told("anything", "", "*")._replace(kind="start", matched="*")
    assert told("Test mail", "", "*").kind == "test"
    assert told("HDD error", "", "*").kind == "other"


def test_rule_2_3_trouble_that_the_operator_asked_for_is_an_alarm() -> None:
    assert told("NVR", "Event Type: Video Loss", "video loss").kind == "start"


# rule 2.4: the mail's own time


@pytest.mark.parametrize(
    ("zone", "hour"), [("", 12), ("Asia/Shanghai", 6), ("America/New_York", 18)], ids=["default", "east", "west"]
)
def test_rule_2_4_a_time_without_a_zone_is_on_the_cameras_clock(zone: str, hour: int) -> None:
    cameras = directory(camera("yard", time_zone=zone))
    (found,) = reading(mail("motion", "Time: 2026-07-01 14:00:00"), cameras, "yard@x").found
    assert found.claimed_ms == 1_782_864_000_000 + hour * 3_600_000


@pytest.mark.parametrize(
    ("date", "hour"),
    [
        ("Wed, 1 Jul 2026 14:01:00 +0800", 6),
        ("Wed, 1 Jul 2026 14:20:00 +0800", 12),
        ("Wed, 1 Jul 2026 14:00:00 -0000", 12),
    ],
    ids=["the same clock", "another clock", "a zone unknown"],
)
def test_rule_2_4_a_date_header_tells_the_zone_only_when_it_shows_the_same_clock(date: str, hour: int) -> None:
    (found,) = reading(mail("motion", "Time: 2026-07-01 14:00:00", f"Date: {date}"), YARD, "yard@x").found
    assert found.claimed_ms == 1_782_864_000_000 + hour * 3_600_000


def test_rule_2_4_day_and_month_that_nobody_tells_apart_are_set_right_by_the_receipt() -> None:
    at = 1_785_931_200_000  # 2026-08-05 12:00
    raw = mail("motion", "Time: 08/05/2026 14:00:00")
    (found,) = reading(raw, YARD, "yard@x", observed_ms=at).found
    assert found.claimed_ms == at


@pytest.mark.parametrize(
    ("raw", "is_dated"),
    [
        (b"Subject: motion\n\n", False),
        (b"Subject: motion\nDate: x\n\n", True),
        (b"Subject: motion\nMessage-ID: <1>\n\n", True),
        (b"Subject: motion\n\n2026-07-01 14:00:00", True),
    ],
)
def test_a_mail_is_dated_by_its_id_its_date_or_any_time(raw: bytes, is_dated: bool) -> None:
    assert reading(raw, YARD, "yard@x").is_dated is is_dated


# nothing found


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"", "broken"),
        (b"\x00" * 50, "broken"),
        (b"\r\n\r\n", "broken"),
        (b"Subject: hello\n\n", "no_match"),
        (b"Subject: hello\n" + b"X: y\n" * 5000 + b"\n", "too_complex"),
    ],
)
def test_what_cannot_be_understood_says_why(raw: bytes, error: str) -> None:
    said = reading(raw, YARD, "yard@x")
    assert (said.error, said.found) == (error, ())
    assert said.reason


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("Channel: 7", "channel '7' of 'nvr@x' is no camera's: sightlog media add NAME --mail-alias nvr@x#7"),
        ("nothing", "'nvr@x' is a recorder known by channels, and the mail names none"),
    ],
)
def test_a_recorder_with_an_unknown_channel_says_which_alias_to_add(body: str, wanted: str) -> None:
    cameras = directory(camera("gate", aliases=("nvr#2",)))
    said = reading(mail("motion", body), cameras, "x@y", mail_from="nvr@x")
    assert said.error == "unknown_camera"
    assert wanted in said.reason


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_reason_is_one_line_whatever_strangers_write(subject: str, name: str) -> None:
    raw = f"Subject: {subject}\nFrom: {name}@x\n\nEvent Type: {subject}\nChannel: {name}\n".encode("utf-8", "replace")
    for said in (reading(raw, YARD, "yard@x"), reading(raw, YARD, f"{name}@x")):
        assert said.reason.isprintable()
        assert len(said.reason) < 1200
