"""A letter about a mail, as a person reads it."""

import base64
import hashlib

from msgspec import structs

from cli.mail_letter import raw_of, told
from schemas.mail import MailReceived
from tests.fakes import FakeStore

RAW = (
    b"From: shed@example.com\r\nSubject: =?UTF-8?B?"
    + base64.b64encode(b"Bewegung im Hof")
    + b"?=\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + base64.encodebytes("\n".join(f"line {number}" for number in range(20)).encode())
)
SHA = hashlib.sha256(RAW).hexdigest()
WHOLE = MailReceived(
    route="shed", observed_ms=1, peer="192.0.2.7", login="nvr", mail_from="shed@example.com",
    rcpt_to=("shed@example.com", "gate@example.com"), sha256=SHA, size_bytes=len(RAW), raw=RAW,
)  # fmt: skip
SLIM = structs.replace(WHOLE, raw=b"", mail_key=f"mails/{SHA}.eml")


def store_with_it() -> FakeStore:
    store = FakeStore()
    store.put(f"mails/{SHA}.eml", RAW, "message/rfc822")
    return store


def test_it_is_told_as_it_reads() -> None:
    lines = list(told(WHOLE, RAW))
    assert lines[:4] == [
        "from:    shed@example.com  at 192.0.2.7, logged in as nvr", "to:      shed@example.com, gate@example.com",
        "subject: Bewegung im Hof", f"size:    {len(RAW)} bytes, 0 pictures, sha256 {SHA}",
    ]  # fmt: skip
    assert lines[4] == "  | line 0"
    assert lines[-1] == "  | ... 8 more lines"


def test_the_mail_comes_from_the_letter_or_from_its_object() -> None:
    assert raw_of(WHOLE, FakeStore()) == RAW
    assert raw_of(SLIM, store_with_it()) == RAW


def test_an_object_that_is_gone_is_said() -> None:
    assert raw_of(SLIM, FakeStore()) is None
    assert list(told(SLIM, None))[-1] == f"the mail itself is gone: mails/{SHA}.eml is not in the object store"


def test_a_terminal_is_not_told_what_to_do_by_a_mail() -> None:
    raw = b"Subject: =?UTF-8?Q?=1B]0;owned=07?=\r\n\r\n\x1b[2J hidden\r\n"
    text = "\n".join(told(structs.replace(WHOLE, mail_from="a\x1b[31m"), raw))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "hidden" in text
