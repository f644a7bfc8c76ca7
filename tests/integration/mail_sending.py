"""Real clients that send numbered mails, send again whatever was not answered 250, and remember what was."""

import re
import smtplib
import threading
from collections.abc import Callable
from itertools import count

from infra import clock, kafka
from infra.objects import S3Store
from infra.settings import Settings
from schemas import codec

_NUMBER = re.compile(rb"^Subject: motion number (\d+)\r?$", re.MULTILINE)
_PAUSE_S = 0.05


def text(number: int, size_bytes: int) -> bytes:
    """The mail of this number, about so long."""
    head = f"From: cam@site\r\nTo: gate@archive\r\nSubject: motion number {number}\r\n\r\n".encode()
    return head + (b"%d motion detected\r\n" % number) * (size_bytes // 20)


class Senders:
    """Cameras that send all the time, several at once. ``acknowledged``: the numbers of mails answered 250."""

    def __init__(self, port: int, cameras: int = 8, size_bytes: Callable[[int], int] = lambda _: 2000) -> None:
        self.acknowledged: set[int] = set()
        self.put_off = 0
        """Answers other than 250 to a mail."""
        self._port, self._size_bytes = port, size_bytes
        self._numbers, self._stopping = count(), threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(at,)) for at in range(cameras)]

    def __enter__(self) -> "Senders":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Returns once every mail begun is acknowledged."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _run(self, camera: int) -> None:
        client: smtplib.SMTP | None = None
        while not self._stopping.is_set():
            number = next(self._numbers)
            while number not in self.acknowledged:
                client = self._sent(client, camera, number)
        if client:
            client.close()

    def _sent(self, client: smtplib.SMTP | None, camera: int, number: int) -> smtplib.SMTP | None:
        """The connection for the next mail; None when it broke."""
        try:
            client = client or smtplib.SMTP("127.0.0.1", self._port, timeout=180)
            client.sendmail("cam@site", [f"gate-{camera}@archive"], text(number, self._size_bytes(number)))
        except smtplib.SMTPResponseException:
            self.put_off += 1
            clock.sleep_s(_PAUSE_S)
        except (smtplib.SMTPException, OSError):
            if client:
                client.close()
            clock.sleep_s(_PAUSE_S)
            return None
        else:
            self.acknowledged.add(number)
        return client


def on_topic(settings: Settings) -> list[int]:
    """The number of every mail on the topic, as often as it stands there. Large ones are read from the store."""
    store = S3Store(settings)
    found = []
    for record in kafka.read_topic(settings, "mails"):
        mail = codec.decode(record.topic, record.value)
        number = _NUMBER.search(mail.raw or store.get(mail.mail_key))
        assert number, mail
        found.append(int(number[1]))
    return found
