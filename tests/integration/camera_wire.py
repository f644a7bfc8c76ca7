"""A camera on the wire: every byte of the conversation is chosen here, because cameras choose them oddly."""

import base64
import socket
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True)
class Habit:
    """How a camera talks."""

    hello: str = "EHLO"
    auth: str = ""
    """LOGIN, PLAIN or nothing; may be written in any case."""
    eol: str = "CRLF"
    """Of the lines of its mail; commands always end with CRLF."""
    login: str = "admin"
    password: str = "12345"


@dataclass
class Camera:
    """One connection to the listener."""

    port: int
    habit: Habit = field(default_factory=Habit)

    def __enter__(self) -> Self:
        self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self._replies = self._socket.makefile("rb")
        assert self.answer().startswith("220")
        assert self.say(f"{self.habit.hello} camera").startswith("250")
        return self

    def __exit__(self, *_: object) -> None:
        self._replies.close()
        self._socket.close()

    def say(self, line: str) -> str:
        """The last line of the answer to a command."""
        self._socket.sendall(line.encode() + b"\r\n")
        return self.answer()

    def answer(self) -> str:
        while True:
            line = self._replies.readline().decode()
            if line[3:4] != "-":
                return line.strip()

    def log_in(self) -> str:
        """The answer to the login that the habit wants."""
        login, password = (base64.b64encode(text.encode()).decode() for text in (self.habit.login, self.habit.password))
        if self.habit.auth.upper() == "PLAIN":
            both = f"\0{self.habit.login}\0{self.habit.password}".encode()
            return self.say(f"AUTH {self.habit.auth} {base64.b64encode(both).decode()}")
        answer = self.say(f"AUTH {self.habit.auth}")
        for text in (login, password):
            answer = self.say(text) if answer.startswith("334") else answer
        return answer

    def mail(self, raw: bytes, sender: str, recipients: list[str]) -> str:
        """The answer to the whole mail, or to what was refused before it."""
        for line in (f"MAIL FROM:<{sender}>", *(f"RCPT TO:<{one}>" for one in recipients), "DATA"):
            answer = self.say(line)
            if answer[:1] not in "23":
                return answer
        self._socket.sendall(_framed(raw, self.habit.eol))
        return self.answer()


def sent(port: int, raw: bytes, sender: str, recipients: list[str], habit: Habit | None = None) -> str:
    """The answer to one mail in one connection, whatever step it was refused at."""
    with Camera(port, habit or Habit()) as camera:
        if camera.habit.auth:
            answer = camera.log_in()
            if not answer.startswith("235"):
                return answer
        return camera.mail(raw, sender, recipients)


def stored(raw: bytes, eol: str) -> bytes:
    """The bytes that the listener is to keep of a mail sent with these line ends."""
    lines = raw.replace(b"\r\n", b"\n").removesuffix(b"\n").split(b"\n")
    end = b"\n" if eol == "LF" else b"\r\n"
    return end.join(lines) + end


def _framed(raw: bytes, eol: str) -> bytes:
    content = stored(raw, eol)
    content = (b"\n" + content).replace(b"\n.", b"\n..")[1:]
    return content + b".\r\n"
