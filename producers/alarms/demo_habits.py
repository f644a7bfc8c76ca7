"""How the demo cameras mail what they see: each in the habits of another maker, with its own clock."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from typing import TypeAlias

DOMAIN = "sightlog.local"
Compose: TypeAlias = Callable[["Moment"], bytes]


@dataclass(frozen=True)
class Moment:
    """What a camera has to tell: that something moves, or that nothing does any more."""

    media: str
    at: datetime
    """By the camera's own clock."""
    is_end: bool = False
    picture: bytes = b""
    """A JPEG; empty: none goes with it."""

    @property
    def address(self) -> str:
        """Sender and recipient: the camera's name."""
        return f"{self.media}@{DOMAIN}"


@dataclass(frozen=True)
class Habit:
    """How cameras of one make mail."""

    compose: Compose
    hello: str = "EHLO"
    tells_end: bool = False
    """It also mails when the motion ends."""
    pause_ms: int = 110_000
    """After a mail it says nothing of the same camera for so long: real ones are set to minutes."""


def hikvision(moment: Moment) -> bytes:
    """A boundary that is a placeholder somebody forgot, no date, a comma inside the time, a Chinese charset."""
    told = (
        f"This is an automatically generated e-mail from your IPC.\n\nEVENT TYPE: Motion Detected\n"
        f"EVENT TIME: {moment.at:%Y-%m-%d,%H:%M:%S}\nIPC NAME: {moment.media}\nCHANNEL NAME: {moment.media}\n"
        f"CHANNEL NUMBER: 1\nIPC S/N: DS-2CD2DEMO\n"
    )
    head = _head(moment, f"{moment.media}: Motion Detected On Channel 1", "X-Mailer: HIKMailer")
    text = _part("text/plain; charset=gb2312", "8bit", told.encode("gb18030"))
    return _mail(head, "#BOUNDARY#", text, _picture(moment, f"{moment.media}01.jpg"))


def dahua(moment: Moment) -> bytes:
    """A text in base64 whose times are day first, and a mail for the end of the motion that names motion as well."""
    word = "Stop" if moment.is_end else "Start"
    told = (
        f"Alarm Event: Motion Detection {word}\r\nAlarm Input Channel: 1\r\n"
        f"Alarm {word} Time(D/M/Y H:M:S): {moment.at:%d/%m/%Y %H:%M:%S}\r\nAlarm Device Name: {moment.media}\r\n"
        f"Alarm Name: \r\nIP Address: 192.0.2.155\r\n"
    )
    subject = Header(f"{moment.media} motion alert", "utf-8").encode()
    head = _head(moment, subject, f"Date: {moment.at:%a, %d %b %Y %H:%M:%S %z}")
    text = _part('text/plain; charset="UTF-8"', "base64", base64.encodebytes(told.encode()))
    return _mail(head, "_=_Part_1", text, _picture(moment, f"{moment.media}_ch1_{moment.at:%Y%m%d%H%M%S}_E.jpg"))


def reolink(moment: Moment) -> bytes:
    """Headers without a blank after the colon, subject and text in base64, no time but in the picture's name."""
    told = (
        f"Alarm Camera Name:{moment.media}\r\nAlarm Event:Motion Detection\r\nAlarm Input Channel No.:1\r\n"
        f"Alarm Device Name:{moment.media}\r\n"
    )
    subject = base64.b64encode(f"Motion Detection from {moment.media}".encode()).decode()
    head = (
        f'From: "cam"<{moment.address}>\nTo:<{moment.address}>\nSubject:=?UTF-8?B?{subject}?=\nMime-Version:1.0\n'
    ).encode()
    text = _part("text/plain; charset=utf-8", "base64", base64.encodebytes(told.encode()))
    return _mail(head, "rlnk", text, _picture(moment, f"{moment.media}_00_{moment.at:%Y%m%d%H%M%S}.jpg"))


HABITS: Mapping[str, Habit] = {
    "demo-gate": Habit(hikvision),
    "demo-road": Habit(hikvision, pause_ms=170_000),
    "demo-store": Habit(reolink, hello="HELO"),
    "demo-yard": Habit(dahua, tells_end=True, pause_ms=50_000),
}
"""Demo camera → its make."""


def _head(moment: Moment, subject: str, more: str) -> bytes:
    sender = f'"{moment.media}" <{moment.address}>'
    return f"From: {sender}\nTo: <{moment.address}>\nSubject: {subject}\n{more}\nMIME-Version: 1.0\n".encode()


def _part(kind: str, encoding: str, content: bytes, more: str = "") -> bytes:
    head = f"Content-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n{more}\n"
    return head.encode() + content


def _picture(moment: Moment, name: str) -> list[bytes]:
    if not moment.picture:
        return []
    more = f'Content-Disposition: attachment; filename="{name}"\n'
    return [_part(f'image/jpeg; name="{name}"', "base64", base64.encodebytes(moment.picture), more)]


def _mail(head: bytes, boundary: str, text: bytes, pictures: list[bytes]) -> bytes:
    """The whole mail, lines ended by CRLF."""
    lines = [head + f'Content-Type: multipart/mixed; boundary="{boundary}"\n'.encode()]
    lines += [f"\n--{boundary}\n".encode() + part for part in (text, *pictures)]
    lines.append(f"\n--{boundary}--\n".encode())
    return b"".join(lines).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
