from hypothesis import given
from hypothesis import strategies as st

from projections.dead_letters.shown import without_raw
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
