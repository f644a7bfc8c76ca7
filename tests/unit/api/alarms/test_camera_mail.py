"""Mails sent to try a camera's mail: what the reader makes of them, and what an answer is told as."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from api.alarms.camera_mail import ADVICE, Door, NotTaken, composed, sent, trial
from processors.alarms.reading.read import Directory, Reading, read
from schemas.facts import MediaConfigured
from schemas.mail import MailReceived
from tests.unit.api.alarms import answering

AT_MS = 1_795_000_000_000
JPEG = b"\xff\xd8\xff" + bytes(range(256)) * 4 + b"\xff\xd9"
DOOR = Door("127.0.0.1", 1, "none", "gate-1@sightlog.local", "gate-1@sightlog.local", "nvr", "hush-hush")


def understood(raw: bytes, catch: tuple[str, ...]) -> Reading:
    camera = MediaConfigured(media="gate-1", observed_ms=1, catch=catch)
    mail = MailReceived(
        route="gate-1", observed_ms=AT_MS, mail_from=DOOR.sender, rcpt_to=(DOOR.recipient,),
        sha256=hashlib.sha256(raw).hexdigest(), size_bytes=len(raw), raw=raw,
    )  # fmt: skip
    return read(mail, raw, Directory.of([camera], "UTC"), lambda _zone, local_ms: local_ms)


@pytest.mark.parametrize("word", ["motion", "intrusion", "Übertretung", "*"])
@pytest.mark.parametrize(("is_stop", "kind"), [(False, "start"), (True, "stop")])
def test_it_is_read_as_the_camera_s_would_be(word: str, is_stop: bool, kind: str) -> None:
    reading = understood(composed(DOOR, word.replace("*", "motion"), is_stop, JPEG, AT_MS), (word,))
    (found,) = reading.found
    assert (found.media, found.kind, found.claimed_ms) == ("gate-1", kind, AT_MS)
    assert reading.pictures == (JPEG,)
    assert reading.is_dated


def test_a_trial_is_read_as_a_test_whatever_the_camera_catches() -> None:
    for catch in (("motion",), ("*",), ("mail",), ()):
        (found,) = understood(trial(DOOR, JPEG, AT_MS), catch).found
        assert (found.media, found.kind) == ("gate-1", "test")


def test_no_two_are_alike_and_lines_end_as_smtp_wants() -> None:
    first, second = (composed(DOOR, "motion", False, JPEG, AT_MS) for _ in range(2))
    assert first != second
    assert first.count(b"\n") == first.count(b"\r\n")
    assert max(map(len, first.split(b"\r\n"))) <= 998


@contextmanager
def listener(*answers: str) -> Iterator[Door]:
    """The way to a listener that gives these answers, one per line it is told."""
    with answering.listener(*answers) as port:
        yield Door("127.0.0.1", port, "none", DOOR.sender, DOOR.recipient)


@pytest.mark.parametrize("code", [530, 550, 451])
def test_a_refusal_is_told_with_what_to_do(code: int) -> None:
    with listener("220 here", "250 hello", "250 from", f"{code} no") as door, pytest.raises(NotTaken) as told:
        sent(door, b"x")
    assert str(told.value) == f"{code} no: {ADVICE[code]}"


def test_a_wrong_login_is_told_without_the_password() -> None:
    with listener("220 here", "250 AUTH LOGIN", "334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "535 no") as there:
        door = Door(there.server, there.port, "none", DOOR.sender, DOOR.recipient, DOOR.login, DOOR.password)
        with pytest.raises(NotTaken, match=r"^535 no: login or password is wrong") as told:
            sent(door, b"x")
    assert DOOR.password not in str(told.value)
    assert DOOR.password not in str(door)


def test_encryption_that_is_not_offered_is_said() -> None:
    with listener("220 here", "250 hello") as there:
        door = Door(there.server, there.port, "starttls", DOOR.sender, DOOR.recipient)
        with pytest.raises(NotTaken, match="offers no STARTTLS"):
            sent(door, b"x")
