from hypothesis import given
from hypothesis import strategies as st

from projections.dead_letters.shown import as_text, mail_in, without_raw
from schemas import codec
from tests.alarm_facts import mail


@given(st.binary(min_size=1, max_size=200))
def test_of_a_mail_the_envelope_is_shown_alone(raw: bytes) -> None:
    value = codec.encode(mail(raw, login="gate"))
    shown = without_raw("mails", value)
    assert shown is not None
    assert b'"raw"' not in shown
    assert b'"login":"gate"' in shown


@given(st.binary(max_size=100))
def test_what_is_no_mail_is_shown_as_it_is(value: bytes) -> None:
    assert without_raw("segments", value) == value
    assert without_raw("mails", b"[" + value) == b"[" + value
    assert without_raw("mails", None) is None


def test_a_value_that_is_no_mail_is_none() -> None:
    fact = mail(b"Subject: motion\r\n", login="gate")
    assert mail_in("mails", codec.encode(fact)) == fact
    assert mail_in("mails", b"{") is None
    assert mail_in("mails", None) is None
    assert mail_in("alarms", codec.encode(fact)) is None


def test_bytes_are_shown_as_text_or_said_to_be_none() -> None:
    assert as_text("tył".encode()) == "tył"
    assert as_text(b"\xff") == "base64:/w=="
    assert as_text(b"") == ""
    assert as_text(None) is None
