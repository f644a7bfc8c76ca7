"""One record of topic ``mails``: into the store, read, and told as alarms or as a letter; nothing makes it raise."""

import base64
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.log import Record
from infra.objects import StoreUnavailable
from infra.settings import Settings
from processors.alarms.entry import mails, rules
from processors.alarms.entry.mails import Mails, Told
from processors.alarms.reading.read import Directory
from schemas import codec
from schemas.facts import MailReceived, MediaConfigured
from tests.fakes import FakeStore
from tests.unit.processors.episodes.entry import pictures

NOW_MS = 1_790_000_000_000
DIRECTORY = Directory.of([MediaConfigured(media=name, observed_ms=1) for name in ("gate", "yard")], "UTC")
GOOD = pictures.jpeg()


def mail(raw: bytes, /, **fields: Any) -> MailReceived:
    told: dict[str, Any] = {
        "route": "gate", "mail_from": "gate@x", "rcpt_to": ("gate@x",), "peer": "10.0.0.9", "raw": raw,
        "observed_ms": NOW_MS,
    }  # fmt: skip
    return MailReceived(sha256=sha256(raw).hexdigest(), size_bytes=len(raw), **(told | fields))


def text(subject: str = "Motion", *jpegs: bytes) -> bytes:
    """A mail with pictures."""
    jpeg = b"Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    parts = [jpeg + base64.encodebytes(one) + b"\r\n" for one in jpegs]
    head = f"Message-ID: <1@x>\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b"
    return b"--b\r\n".join([head.encode() + b"\r\n\r\n", b"\r\nseen\r\n", *parts]) + b"--b--\r\n"


def record(value: bytes | MailReceived | None) -> Record:
    encoded = codec.encode(value) if isinstance(value, MailReceived) else value
    return Record("mails", 2, 7, b"gate", encoded, NOW_MS)


class Desk:
    """Mails in front of a store in memory."""

    def __init__(self) -> None:
        self.store = FakeStore()
        self._mails = Mails(self.store, Settings())

    def read(self, value: bytes | MailReceived | None) -> Told:
        return self._mails.read(record(value), DIRECTORY)

    def refuse(self, value: bytes | MailReceived | None) -> Told:
        return self._mails.refuse(record(value), 3)


def test_a_mail_that_is_understood_is_an_alarm_with_its_mail_and_picture_in_the_store() -> None:
    desk, raw = Desk(), text("Motion", b"no picture at all", GOOD)
    (alarm,) = desk.read(mail(raw)).alarms
    assert (alarm.media, alarm.kind, alarm.matched, alarm.peer) == ("gate", "start", "motion", "10.0.0.9")
    assert (alarm.received_ms, alarm.observed_ms, alarm.subject) == (NOW_MS, NOW_MS, "Motion")
    assert alarm.preview_key == f"previews/{sha256(GOOD).hexdigest()}.jpg"
    assert desk.store.objects == {
        alarm.mail_key: (raw, {"content-type": "message/rfc822"}),
        alarm.preview_key: (GOOD, {"content-type": "image/jpeg"}),
    }
    assert alarm.mail_key == f"mails/{sha256(raw).hexdigest()}.eml"


def test_rule_2_7_a_bad_picture_costs_the_preview_and_never_the_alarm() -> None:
    forged = pictures.resized(pictures.tiny(), 65_500, 65_500)
    told = Desk().read(mail(text("Motion", forged)))
    assert (told.alarms[0].preview_key, told.alarms[0].pictures, told.is_picture_dropped) == (None, 1, True)


def test_one_mail_to_two_cameras_is_an_alarm_of_each() -> None:
    told = Desk().read(mail(text(), rcpt_to=("gate@x", "yard@x"), mail_from=""))
    assert [alarm.media for alarm in told.alarms] == ["gate", "yard"]
    assert len({alarm.alarm_id for alarm in told.alarms}) == 2


def test_rule_2_8_what_is_not_understood_is_a_small_letter_that_reads_like_the_mail() -> None:
    desk, raw = Desk(), text("A visitor", GOOD)
    told = desk.read(mail(raw))
    assert told.letter is not None
    assert (told.letter.error, told.letter.consumer, told.letter.offset) == ("no_match", "processor-alarms", 7)
    assert "--catch" in told.letter.reason
    slim = codec.decode("mails", told.letter.value)
    assert slim.raw == b""
    assert desk.store.get(slim.mail_key) == raw
    again = Mails(desk.store, Settings()).read(
        record(slim), Directory.of([MediaConfigured(media="gate", observed_ms=2, catch=("visitor",))], "UTC")
    )
    direct = Mails(FakeStore(), Settings()).read(
        record(mail(raw)), Directory.of([MediaConfigured(media="gate", observed_ms=2, catch=("visitor",))], "UTC")
    )
    assert again == direct
    assert len(again.alarms) == 1


def test_a_mail_that_stands_in_the_store_is_fetched_and_not_put_again() -> None:
    desk, raw = Desk(), text()
    desk.store.put("mails/elsewhere.eml", raw, "x/y")
    (alarm,) = desk.read(mail(raw, raw=b"", mail_key="mails/elsewhere.eml")).alarms
    assert alarm.mail_key == "mails/elsewhere.eml"
    assert desk.store.objects["mails/elsewhere.eml"][1] == {"content-type": "x/y"}


def test_a_mail_that_is_gone_from_the_store_is_a_letter() -> None:
    told = Desk().read(mail(text(), raw=b"", mail_key="mails/gone.eml"))
    assert told.outcome == "mail_gone"


@pytest.mark.parametrize(
    "value", [None, b"", b"{", b'{"type":"mail-received"}'], ids=["none", "empty", "json", "fields"]
)
def test_a_record_that_is_no_mail_is_a_letter(value: bytes | None) -> None:
    told, refused = Desk().read(value), Desk().refuse(value)
    assert told.letter is not None
    assert told.letter.value == value
    assert told.outcome in ("no_value", "bad_json", "bad_fact")
    assert refused.outcome == told.outcome


def test_a_mail_that_ended_its_readers_is_kept_and_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mails, "read", lambda *_: pytest.fail("it was read"))
    desk, raw = Desk(), text()
    told = desk.refuse(mail(raw))
    assert told.letter is not None
    assert (told.outcome, "3 times" in told.letter.reason) == ("poison", True)
    assert desk.store.get(codec.decode("mails", told.letter.value).mail_key) == raw


def test_a_mail_that_meets_a_bug_is_a_letter_and_can_be_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(*_: object) -> None:
        raise ZeroDivisionError("told to fail")

    desk = Desk()
    with monkeypatch.context() as patch:
        patch.setattr(mails, "read", bug)
        told = desk.read(mail(text()))
    assert told.letter is not None
    assert (told.outcome, told.letter.reason) == ("bug", "ZeroDivisionError: told to fail")
    assert len(desk.read(codec.decode("mails", told.letter.value)).alarms) == 1


def test_a_store_that_is_away_makes_no_letter_of_any_mail() -> None:
    desk = Desk()
    desk.store.down = True
    for told in (mail(text()), mail(text("Disk full")), mail(text(), raw=b"", mail_key="mails/x")):
        with pytest.raises(StoreUnavailable):
            desk.read(told)


@given(st.binary(max_size=400), st.text(max_size=20), st.text(max_size=20))
def test_whatever_a_mail_says_it_ends_as_alarms_or_a_letter_that_can_be_written(
    raw: bytes, login: str, to: str
) -> None:
    told = Desk().read(mail(b"Subject: motion " + raw, login=login, rcpt_to=("gate@x", to)))
    facts = [*told.alarms, *([told.letter] if told.letter else [])]
    assert facts
    assert all(codec.encode(fact) for fact in facts)


def test_a_camera_that_sends_a_mail_again_tells_the_same_alarm_however_late() -> None:
    one, later = mail(text()), mail(text(), observed_ms=NOW_MS + 3_600_000)
    assert rules.alarm_id(one, "gate", True) == rules.alarm_id(later, "gate", True)
    assert rules.alarm_id(one, "gate", True) != rules.alarm_id(one, "yard", True)


def test_mails_without_any_date_that_look_alike_are_two_when_half_a_minute_lies_between() -> None:
    def at(at_ms: int) -> int:
        return rules.alarm_id(mail(b"x", observed_ms=at_ms), "gate", False)

    start_ms = NOW_MS // rules.SAME_MS * rules.SAME_MS
    assert at(start_ms) == at(start_ms + rules.SAME_MS - 1)
    assert at(start_ms) != at(start_ms + rules.SAME_MS)
