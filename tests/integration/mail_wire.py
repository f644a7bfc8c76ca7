"""A mail listener on free ports, and a peer that puts exactly these bytes on the wire."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, Self

from prometheus_client import CollectorRegistry

from infra.settings import Settings
from producers.alarms.door import Door
from producers.alarms.listeners import Listeners
from producers.alarms.logins import Logins
from producers.alarms.metrics import Metrics
from producers.alarms.outcome import Outcome
from producers.alarms.refusals import Refusals
from schemas.facts import MediaConfigured
from schemas.mail import MailReceived, MailRefused
from tests.fakes import FakeLog
from tests.integration.recording import BUSY

MAIL = b"Subject: motion\r\n\r\nhere\r\n"


class Wire:
    """A connection. ``says`` sends and returns the whole reply; ``sends`` only sends."""

    def __init__(self, port: int, timeout_s: float = 60, greeting: bool = True) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout_s)
        self._rest = b""
        self.greeting = self.reply() if greeting else ""

    def sends(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.socket.sendall(piece)

    def says(self, *pieces: bytes) -> str:
        self.sends(*pieces)
        return self.reply()

    def reply(self) -> str:
        """All lines of one reply; empty when the peer closed."""
        lines: list[str] = []
        while True:
            while b"\r\n" not in self._rest:
                more = self.socket.recv(65_536)
                if not more:
                    return "\n".join(lines)
                self._rest += more
            line, self._rest = self._rest.split(b"\r\n", 1)
            lines.append(line.decode())
            if line[3:4] != b"-":
                return "\n".join(lines)

    def rest(self) -> str:
        """Everything until the peer closes."""
        with contextlib.suppress(ConnectionError):
            while more := self.socket.recv(65_536):
                self._rest += more
        return self._rest.decode()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()


class Listening:
    """A running listener, the mails it was told to keep, and what it refused."""

    def __init__(self, settings: Settings, cameras: list[MediaConfigured]) -> None:
        self.mails: list[MailReceived] = []
        self.outcome = Outcome.KEPT
        self.keep: Callable[[MailReceived], Awaitable[Outcome]] = self._keep
        self.log = FakeLog()
        self.loop = asyncio.new_event_loop()
        metrics = Metrics(CollectorRegistry())
        self.refusals = Refusals(self.log, metrics)
        self.door = Door(settings, lambda mail: self.keep(mail), self.refusals, metrics)
        self.door.logins = Logins(settings.smtp_login, settings.smtp_password.get_secret_value(), cameras)
        self.listeners = Listeners(settings, self.door)
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    @property
    def ports(self) -> dict[str, int]:
        return self.listeners.ports

    @property
    def refused(self) -> list[MailRefused]:
        self.call(self._tell())
        return [fact for fact in self.log.facts if isinstance(fact, MailRefused)]

    def begin(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def call(self, work: Any) -> Any:
        return self.begin(work).result(60)

    def wire(self, name: str = "plain", **more: Any) -> Wire:
        return Wire(self.ports[name], **more)

    def start(self) -> None:
        self._thread.start()
        self.call(self.listeners.open())

    def stop(self) -> None:
        self.call(self.listeners.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(60)
        self.loop.close()

    async def _keep(self, mail: MailReceived) -> Outcome:
        if self.outcome is Outcome.KEPT:
            self.mails.append(mail)
        return self.outcome

    async def _tell(self) -> None:
        self.refusals.tell()


@contextlib.contextmanager
def listening(data: Path, *cameras: MediaConfigured, **settings: Any) -> Iterator[Listening]:
    """A listener with these cameras and settings; ports given as 0 are free ones."""
    server = Listening(Settings(data=data, **{"smtp_port": 0} | settings), list(cameras))
    server.start()
    try:
        yield server
    finally:
        server.stop()


def camera(media: str, login: str = "", password: str = "") -> MediaConfigured:
    return MediaConfigured(media=media, observed_ms=1_700_000_000_000, mail_login=login, mail_password=password)


def sent(
    wire: Wire, mail: bytes = MAIL, to: bytes = b"<cam1@example.com>", sender: bytes = b"<cam1@example.com>"
) -> str:
    """The reply to a whole mail, on a connection that has greeted."""
    replies = [wire.says(b"MAIL FROM:" + sender + b"\r\n"), wire.says(b"RCPT TO:" + to + b"\r\n")]
    if (wrong := [reply for reply in replies if reply[:1] != "2"]) or (reply := wire.says(b"DATA\r\n"))[:1] != "3":
        return wrong[0] if wrong else reply
    return wire.says(mail, b".\r\n")


def until(condition: Callable[[], bool], seconds: float = 5) -> None:
    """Wait for what takes no longer than this on a quiet machine."""
    deadline = time.monotonic() + seconds * BUSY
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
