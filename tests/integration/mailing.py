"""Mails put on topic ``mails`` by hand, the workers that take them, and what they have told."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from infra.clock import now_ms
from infra.kafka import KafkaLog, ensure_topics, read_topic
from infra.objects import S3Store
from infra.settings import Settings, child_environment
from schemas import codec
from schemas.facts import (
    AlarmReceived,
    DeadLettered,
    EpisodeAccepted,
    EpisodeRefused,
    MailReceived,
    MediaConfigured,
)

_RUN = "from infra import settings, journal; from processors.{} import service\n" \
    "s = settings.load(); journal.setup(s); service.run(s)"  # fmt: skip


def mail(number: int, subject: str = "Motion", to: str = "gate", picture: bytes = b"", at_ms: int = 0) -> MailReceived:
    """Mail ``number`` to a camera, as the listener tells it. The same number and picture are the same mail."""
    head = f"Message-ID: <{number}@camera>\r\nSubject: {subject}\r\nTo: {to}@example.com\r\nMIME-Version: 1.0\r\n"
    raw = head.encode() + b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n\r\nseen\r\n'
    if picture:
        raw += b"--x\r\nContent-Type: image/jpeg\r\nContent-Transfer-Encoding: binary\r\n\r\n" + picture + b"\r\n"
    raw += b"--x--\r\n"
    return MailReceived(
        route=f"{to}@example.com", observed_ms=at_ms or now_ms(), peer="127.0.0.1", mail_from="camera@example.com",
        rcpt_to=(f"{to}@example.com",), sha256=sha256(raw).hexdigest(), size_bytes=len(raw), raw=raw,
    )  # fmt: skip


class Post:
    """Everything around the workers: puts mails and cameras on their topics, reads what came of them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        ensure_topics(settings)
        self.store = S3Store(settings)
        self.store.ensure_bucket()
        self._log = KafkaLog(settings, "test")

    def camera(self, name: str = "gate", *catch: str) -> None:
        self._log.append(MediaConfigured(media=name, observed_ms=now_ms(), catch=catch or ("motion",))).result(60)

    def send(self, *mails: MailReceived) -> None:
        for one in mails:
            self._log.append(one)
        assert self._log.flush(120) == 0

    def redrive(self, letter: DeadLettered) -> None:
        self._log.append_raw(letter.topic, letter.key, letter.value).result(60)

    def alarms(self) -> list[AlarmReceived]:
        return [fact for fact in self.told("alarms") if isinstance(fact, AlarmReceived)]

    def letters(self) -> list[DeadLettered]:
        return self.told("dead-letters")

    def refusals(self) -> list[EpisodeRefused]:
        return [fact for fact in self.told("episode-changes") if isinstance(fact, EpisodeRefused)]

    def episodes(self) -> dict[int, EpisodeAccepted]:
        """The version of each that stands."""
        accepted = [fact for fact in self.told("episode-changes") if isinstance(fact, EpisodeAccepted)]
        return {fact.episode_id: fact for fact in sorted(accepted, key=lambda fact: fact.rev)}

    def ended(self) -> list[EpisodeAccepted]:
        return [fact for fact in self.episodes().values() if fact.record.closed_at is not None]

    def close(self) -> None:
        self._log.close()

    def told(self, topic: str) -> list[Any]:
        """Everything on a topic, in order within each partition."""
        return [codec.decode(record.topic, record.value) for record in read_topic(self._settings, topic)]


@contextmanager
def service(settings: Settings, data: Path, package: str) -> Iterator[subprocess.Popen[bytes]]:
    """One process of ``processors.<package>``; asked to stop at the end, unless somebody has killed it."""
    data.mkdir(parents=True, exist_ok=True)
    environment = child_environment(settings.as_environment() | {"SIGHTLOG_DATA": str(data)})
    with (data / f"{package}.log").open("ab") as journal:
        process = subprocess.Popen([sys.executable, "-c", _RUN.format(package)], env=environment,
                                   stdout=journal, stderr=journal)  # fmt: skip
    try:
        yield process
        if process.poll() is None:
            process.terminate()
            assert process.wait(120) == 0, (data / f"{package}.log").read_text()
    finally:
        process.kill()
        process.wait()
