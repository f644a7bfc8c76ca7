"""A mail as a camera would send it, to try the way: composed, sent, and what an answer means."""

import base64
import secrets
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from typing import Literal

Encryption = Literal["starttls", "tls", "none"]
TIMEOUT_S = 20.0
_HELLO = "sightlog-test"
_LINE = 76
ADVICE: Mapping[int, str] = {
    421: "the listener is full or stopping; it is worth another try in a moment",
    450: "the listener is busy; a camera tries again by itself",
    451: "the broker has been away for too long, or this camera mails too often; a camera tries again by itself",
    452: "the spool is full, or too much is being received at once; see `sightlog doctor`",
    530: "this camera has a login of its own, or the listener has one: type it into the camera's page",
    535: "login or password is wrong; `sightlog smtp show CAMERA` has the right ones",
    550: "the recipient is not ours: use the address that `sightlog smtp show CAMERA` tells",
    552: "the mail is too large: let the camera send a smaller picture, or raise SIGHTLOG_SMTP_MAIL_BYTES",
}
"""Answer of the listener → what to do."""


class NotTaken(Exception):
    """The listener did not take the mail; the message is its answer and what to do."""


@dataclass(frozen=True)
class Door:
    """Where a camera's mail goes and how it introduces itself."""

    server: str
    port: int
    encryption: Encryption
    sender: str
    recipient: str
    login: str = ""
    password: str = ""

    def __str__(self) -> str:
        as_whom = f", as {self.login}" if self.login else ", without a login"
        return f"{self.recipient} at {self.server}:{self.port} ({self.encryption}){as_whom}"


def composed(door: Door, word: str, is_stop: bool, picture: bytes | None, at_ms: int) -> bytes:
    """A mail with ``word`` in its subject, in the way of Dahua cameras; no two are alike. Lines end with CRLF."""
    event = f"{word} {'Stop' if is_stop else 'Start'}"
    told = f"Alarm Event: {event}\nAlarm Input Channel: 1\nAlarm Device Name: {door.recipient.partition('@')[0]}\n"
    return _mail(door, event, told, picture, at_ms)


def trial(door: Door, picture: bytes | None, at_ms: int) -> bytes:
    """A mail that says of itself that it is only a test: it comes in like any other, and marks nothing."""
    return _mail(door, "Test mail", "This is a test of the mail of this camera.\n", picture, at_ms)


def _mail(door: Door, subject: str, told: str, picture: bytes | None, at_ms: int) -> bytes:
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    mark = secrets.token_hex(8)
    head = [
        f"From: <{door.sender}>", f"To: <{door.recipient}>", f"Subject: {Header(subject, 'utf-8').encode()}",
        f"Date: {at:%a, %d %b %Y %H:%M:%S} +0000", f"Message-ID: <{mark}@sightlog>", "MIME-Version: 1.0",
        f'Content-Type: multipart/mixed; boundary="{mark}"',
    ]  # fmt: skip
    parts = [_part("text/plain; charset=utf-8", told.encode())]
    if picture:
        parts.append(_part('image/jpeg; name="picture.jpg"', picture))
    lines = [*head, "", *(line for part in parts for line in (f"--{mark}", *part)), f"--{mark}--", ""]
    return "\r\n".join(lines).encode()


def sent(door: Door, raw: bytes) -> str:
    """What the listener answered when it took the mail. Raises NotTaken, or OSError when nobody answers."""
    try:
        with _connected(door) as camera:
            _introduce(camera, door)
            _demand(camera.mail(door.sender))
            _demand(camera.rcpt(door.recipient))
            return _demand(camera.data(raw))
    except smtplib.SMTPResponseException as error:
        raise NotTaken(_told(error.smtp_code, error.smtp_error)) from None
    except smtplib.SMTPNotSupportedError:
        raise NotTaken("it offers no STARTTLS here; try --tls none, or --tls tls on its TLS port") from None


def _connected(door: Door) -> smtplib.SMTP:
    if door.encryption == "tls":
        return smtplib.SMTP_SSL(door.server, door.port, _HELLO, timeout=TIMEOUT_S, context=_trusting())
    return smtplib.SMTP(door.server, door.port, _HELLO, timeout=TIMEOUT_S)


def _introduce(camera: smtplib.SMTP, door: Door) -> None:
    camera.ehlo()
    if door.encryption == "starttls":
        camera.starttls(context=_trusting())
        camera.ehlo()
    if door.login:
        camera.user, camera.password = door.login, door.password
        camera.auth("LOGIN", camera.auth_login)


def _trusting() -> ssl.SSLContext:
    """Cameras do not check certificates, so neither does what stands in for them."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _demand(answer: tuple[int, bytes]) -> str:
    code, text = answer
    if not 200 <= code < 300:
        raise NotTaken(_told(code, text))
    return f"{code} {text.decode('utf-8', 'replace')}"


def _told(code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    advice = ADVICE.get(code, "")
    return f"{code} {said}{f': {advice}' if advice else ''}"


def _part(kind: str, content: bytes) -> list[str]:
    encoded = base64.b64encode(content).decode()
    lines = [encoded[at : at + _LINE] for at in range(0, len(encoded), _LINE)]
    return [f"Content-Type: {kind}", "Content-Transfer-Encoding: base64", "", *lines, ""]
