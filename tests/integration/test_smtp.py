"""The mail listener on the wire: every habit of a camera ends in 250, and nothing makes two mails of one."""

import base64
import hashlib
from collections.abc import Iterator

import pytest

from tests.alarm_mails import SHARED, manifest
from tests.integration.mail_wire import MAIL, Listening, Wire, camera, listening, sent, until
from tests.integration.ports import free_port
from tests.unit.producers.alarms.test_endofdata import SMUGGLED

USER, PASSWORD = base64.b64encode(b"nvr"), base64.b64encode(b"pass word")
PLAIN = base64.b64encode(b"\x00nvr\x00pass word")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    with listening(
        tmp_path_factory.mktemp("smtp"), camera("gate-1", "nvr", "pass word"), camera("cam1"),
        smtp_tls_port=free_port(), smtp_legacy_port=free_port(), smtp_legacy_tls_port=free_port(),
    ) as running:  # fmt: skip
        yield running


@pytest.fixture
def wire(server: Listening) -> Iterator[Wire]:
    server.mails.clear()
    with server.wire() as connected:
        yield connected


GREETINGS = {
    "ehlo": b"EHLO camera\r\n", "helo": b"HELO camera\r\n", "lower": b"ehlo camera\r\n", "no name": b"EHLO\r\n",
    "helo, no name": b"HELO \r\n", "bare line end": b"EHLO camera\n", "no utf-8": b"EHLO cam\xe9ra\r\n",
}  # fmt: skip


@pytest.mark.parametrize("greeting", GREETINGS.values(), ids=GREETINGS)
def test_a_camera_greets_as_it_likes_and_logs_in_without_encryption(
    server: Listening, wire: Wire, greeting: bytes
) -> None:
    assert wire.says(greeting).startswith("250")
    assert wire.says(b"AUTH LOGIN\r\n") == "334 VXNlcm5hbWU6"
    assert wire.says(USER + b"\r\n") == "334 UGFzc3dvcmQ6"
    assert wire.says(PASSWORD + b"\r\n").startswith("235")
    assert sent(wire, to=b"<gate-1@example.com>").startswith("250 2.0.0 kept")
    (mail,) = server.mails
    assert (mail.login, mail.raw, mail.rcpt_to, mail.route) == ("nvr", MAIL, ("gate-1@example.com",), "nvr")
    assert mail.sha256 == hashlib.sha256(MAIL).hexdigest()


LOGINS = {
    "lower case": [b"auth login\r\n", USER + b"\r\n", PASSWORD + b"\r\n"],
    "login at once": [b"AUTH LOGIN " + USER + b"\r\n", PASSWORD + b"\r\n"],
    "no padding": [b"AUTH LOGIN " + USER.rstrip(b"=") + b"\r\n", PASSWORD.rstrip(b"=") + b"\r\n"],
    "plain": [b"AUTH PLAIN\r\n", PLAIN + b"\r\n"],
    "plain at once": [b"auth plain " + PLAIN + b"\r\n"],
    "an address for a login": [b"AUTH LOGIN\r\n", base64.b64encode(b"NVR@example.com") + b"\r\n", PASSWORD + b"\r\n"],
}


@pytest.mark.parametrize("lines", LOGINS.values(), ids=LOGINS)
def test_a_camera_logs_in_as_it_likes(wire: Wire, lines: list[bytes]) -> None:
    wire.says(b"EHLO camera\r\n")
    assert [wire.says(line)[:3] for line in lines] == ["334"] * (len(lines) - 1) + ["235"]


ENVELOPES = {
    "blanks": (b"MAIL FROM: <a@b>\r\n", b"RCPT TO: < cam1@b >\r\n", "a@b", "cam1@b"),
    "no brackets": (b"mail from:a@b\r\n", b"rcpt to: cam1@b\r\n", "a@b", "cam1@b"),
    "no sender": (b"MAIL FROM:<>\r\n", b"RCPT TO:<cam1@b>\r\n", "", "cam1@b"),
    "nothing at all as sender": (b"MAIL FROM:\r\n", b"RCPT TO:<cam1@b>\r\n", "", "cam1@b"),
    "names": (b'MAIL FROM:"Cam 1" <a@b>\r\n', b"RCPT TO:Cam <cam1@b>\r\n", "a@b", "cam1@b"),
    "no domain": (b"MAIL FROM:<cam1>\r\n", b"RCPT TO:<cam1>\r\n", "cam1", "cam1"),
    "odd size": (b"MAIL FROM:<a@b> SIZE=\r\n", b"RCPT TO:<cam1@b>\r\n", "a@b", "cam1@b"),
    "no number as size": (b"MAIL FROM:<a@b> SIZE=abc\r\n", b"RCPT TO:<cam1@b>\r\n", "a@b", "cam1@b"),
    "wrong size": (b"MAIL FROM:<a@b> SIZE=1\r\n", b"RCPT TO:<cam1@b>\r\n", "a@b", "cam1@b"),
    "odd body": (b"MAIL FROM:<a@b> BODY=9BIT X\r\n", b"RCPT TO:<cam1@b> NOTIFY=NEVER\r\n", "a@b", "cam1@b"),
    "utf-8, not announced": ("MAIL FROM:<tył@b>\r\n".encode(), "RCPT TO:<tył@b>\r\n".encode(), "tył@b", "tył@b"),
    "no utf-8": (b"MAIL FROM:<t\xff@b>\r\n", b"RCPT TO:<t\xff@b>\r\n", "tÿ@b", "tÿ@b"),
    "bare line ends": (b"MAIL FROM:<a@b>\n", b"RCPT TO:<cam1@b>\n", "a@b", "cam1@b"),
}  # fmt: skip


@pytest.mark.parametrize(("mail", "rcpt", "sender", "recipient"), ENVELOPES.values(), ids=ENVELOPES)
def test_a_camera_writes_addresses_as_it_likes(
    server: Listening, wire: Wire, mail: bytes, rcpt: bytes, sender: str, recipient: str
) -> None:
    wire.says(b"HELO camera\r\n")
    assert [wire.says(mail)[:3], wire.says(rcpt)[:3], wire.says(b"DATA\r\n")[:3]] == ["250", "250", "354"]
    assert wire.says(MAIL, b".\r\n").startswith("250")
    assert (server.mails[0].mail_from, server.mails[0].rcpt_to) == (sender, (recipient,))


BODIES = {
    "a line of 300 kB": (b"Subject: a\r\n\r\n" + b"x" * 300_000 + b"\r\n", None),
    "raw bytes": (b"Subject: \xd2\xc6\xb6\xaf\r\n\r\n\x00\xff\r\n", None),
    "bare line ends": (b"Subject: a\n\nb\n", None),
    "dots": (b"Subject: a\r\n\r\n..b\r\n...\r\n", b"Subject: a\r\n\r\n.b\r\n..\r\n"),
    "nothing": (b"", None),
}


@pytest.mark.parametrize(("body", "kept"), BODIES.values(), ids=BODIES)
def test_a_mail_is_kept_as_it_came(server: Listening, wire: Wire, body: bytes, kept: bytes | None) -> None:
    wire.says(b"EHLO camera\r\n")
    assert sent(wire, body).startswith("250")
    assert server.mails[0].raw == (body if kept is None else kept)


def test_one_connection_brings_several_mails_and_other_commands_between_them(server: Listening, wire: Wire) -> None:
    wire.says(b"EHLO camera\r\n")
    assert sent(wire)[:3] == "250"
    wire.sends(b"\r\n")  # one line more than is due
    others = (b"NOOP x", b"RSET", b"VRFY <a@b>", b"EXPN a", b"HELP", b"MAIL FROM:<x@y>", b"MAIL FROM:<again@y>")
    assert [wire.says(line + b"\r\n")[:3] for line in others] == ["250", "250", "252", "502", "250", "250", "250"]
    assert sent(wire)[:3] == "250"
    assert wire.says(b"QUIT\r\n")[:3] == "221"
    assert wire.reply() == ""
    assert len(server.mails) == 2


def test_a_camera_that_waits_for_no_answer_and_goes_is_heard(server: Listening) -> None:
    server.mails.clear()
    whole = b"EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<cam1@b>\r\nDATA\r\n" + MAIL + b".\r\nQUIT\r\n"
    with server.wire() as wire:
        wire.sends(whole)
        wire.socket.shutdown(1)
        assert [line[:3] for line in wire.rest().split("\r\n") if line[3:4] == " "] == [
            "250", "250", "250", "354", "250", "221",
        ]  # fmt: skip
    with server.wire() as wire:
        wire.sends(whole)
    until(lambda: len(server.mails) == 2)


def test_a_camera_that_goes_in_the_middle_of_a_mail_leaves_none(server: Listening, wire: Wire) -> None:
    wire.says(b"EHLO c\r\nMAIL FROM:<a@b>\r\n")
    wire.says(b"RCPT TO:<cam1@b>\r\n")
    wire.sends(b"DATA\r\n", MAIL)
    wire.socket.close()
    until(lambda: server.listeners.connections == 0 and server.listeners.held_bytes == 0)
    assert server.mails == []


@pytest.mark.parametrize("ending", SMUGGLED, ids=repr)
def test_no_wrong_ending_makes_two_mails_of_one(server: Listening, wire: Wire, ending: bytes) -> None:
    wire.says(b"EHLO c\r\n")
    smuggled = b"MAIL FROM:<x@b>\r\nRCPT TO:<y@b>\r\nDATA\r\nsecond\r\n"
    assert sent(wire, b"Subject: a\r\n\r\nfirst" + ending + smuggled)[:3] == "250"
    assert wire.says(b"NOOP\r\n")[:3] == "250"
    assert len(server.mails) == 1
    assert b"second" in server.mails[0].raw


def test_every_mail_of_the_shared_corpus_is_taken_in_its_own_habits(server: Listening) -> None:
    server.mails.clear()
    listed = manifest(SHARED)
    for each in listed:
        raw = (SHARED / each["file"]).read_bytes()
        wired = each["wire"]
        with server.wire() as wire:
            wire.says(wired["hello"].encode() + b" cam\r\n")
            wire.says(b"AUTH LOGIN\r\n")
            wire.says(USER + b"\r\n")
            wire.says(PASSWORD + b"\r\n")
            line_end = b"\n" if wired["eol"] == "LF" else b"\r\n"
            body = raw.replace(b"\r\n", b"\n").replace(b"\n", line_end)
            to = each["envelope"]["rcpt_to"][0].encode()
            stuffed = body.replace(line_end + b".", line_end + b"..")
            assert sent(wire, stuffed, to, each["envelope"]["mail_from"].encode())[:3] == "250", each["file"]
            assert server.mails[-1].raw == body
    assert len(server.mails) == len(listed)
