"""The mail listener as a process: follows the registry, tells the log, starts without servers, says no password."""

import base64
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.kafka import KafkaLog, ensure_topics, read_topic
from infra.settings import Settings, child_environment
from schemas import codec
from schemas.mail import MailReceived, MailRefused
from tests.integration.mail_wire import MAIL, Wire, camera, sent, until
from tests.integration.ports import free_port

SECRETS = ("s3cret-of-all", "s3cret-of-gate", "s3cret-typed-wrong", "s3cret-as-command")


class Service:
    """The process, its port, its health page and what it wrote."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, health: int, journal: Path) -> None:
        self.process, self.port, self.health, self.journal = process, port, health, journal

    def greeted(self) -> Wire:
        wire = Wire(self.port)
        assert wire.says(b"EHLO c\r\n")[:3] == "250"
        return wire

    def login(self, user: str, password: str) -> str:
        both = base64.b64encode(f"\0{user}\0{password}".encode())
        with self.greeted() as wire:
            return wire.says(b"AUTH PLAIN " + both + b"\r\n")[:3]

    def page(self, name: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.health}/{name}", timeout=30) as answer:
            return str(answer.read().decode())

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(120)


@contextmanager
def service(settings: Settings, data: Path, *program: str, **more: str) -> Iterator[Service]:
    port, health, journal = free_port(), free_port(), data / "smtp.log"
    environment = settings.as_environment() | {
        "SIGHTLOG_DATA": str(data), "SIGHTLOG_SMTP_PORT": str(port), "SIGHTLOG_HEALTH_PORT": str(health),
        "SIGHTLOG_LOG_LEVEL": "debug", "SIGHTLOG_SMTP_LOGIN": "all", "SIGHTLOG_SMTP_PASSWORD": SECRETS[0], **more,
    }  # fmt: skip
    with journal.open("wb") as output:
        process = subprocess.Popen([sys.executable, *program], env=child_environment(environment), stderr=output)
    running = Service(process, port, health, journal)
    try:
        until(lambda: b"listens" in journal.read_bytes() or process.poll() is not None, 60)
        assert process.poll() is None, journal.read_text()
        yield running
    finally:
        process.kill()
        process.wait()


def test_a_mail_answered_250_is_on_the_log_and_logins_follow_the_registry(stack: Settings, tmp_path: Path) -> None:
    ensure_topics(stack)
    with service(stack, tmp_path, "-m", "cli.services", "smtp") as smtp:
        assert smtp.login("gate", SECRETS[1]) == "535"
        log = KafkaLog(stack, "test")
        log.append(camera("gate-1", "gate", SECRETS[1])).result(60)
        log.close()
        until(lambda: smtp.login("gate", SECRETS[1]) == "235", 20)
        with smtp.greeted() as wire:
            assert wire.says(b"AUTH PLAIN " + base64.b64encode(f"\0gate\0{SECRETS[1]}".encode()) + b"\r\n")[:3] == "235"
            assert sent(wire, to=b"<gate-1@b>")[:9] == "250 2.0.0"
        with smtp.greeted() as wire:
            assert sent(wire)[:3] == "530"
            wire.says(SECRETS[3].encode() + b"\r\n")
        assert smtp.login("gate", SECRETS[2]) == "535"
        assert "last beat" in smtp.page("healthz")
        assert 'sightlog_smtp_kept_total{outcome="kept"} 1.0' in smtp.page("metrics")
        assert smtp.stop() == 0
        mails = [codec.decode("mails", record.value) for record in read_topic(stack, "mails")]
        ours = [mail for mail in mails if isinstance(mail, MailReceived) and mail.login == "gate"]
        assert [mail.raw for mail in dict.fromkeys(ours)] == [MAIL]  # it may stand there twice, just as it is
        refusals = [codec.decode("mail-refusals", record.value) for record in read_topic(stack, "mail-refusals")]
        told = {(fact.reason, fact.login, fact.media) for fact in refusals if isinstance(fact, MailRefused)}
        assert {("login", "gate", "gate-1"), ("login_needed", "", "")} <= told
        said = smtp.journal.read_text() + repr(refusals) + repr(mails)
        assert not [secret for secret in SECRETS for form in (secret, encoded(secret)) if form in said]
    away = "from infra import settings, journal; from producers.alarms import service\n" \
        "s = settings.load(); journal.setup(s); service.run(s)"  # fmt: skip
    with service(stack, tmp_path, "-c", away, SIGHTLOG_KAFKA="127.0.0.1:1", SIGHTLOG_SMTP_ACK_S="0.5") as smtp:
        assert smtp.login("gate", SECRETS[1]) == "235"  # known from before, though the log is away
        with smtp.greeted() as wire:
            wire.says(b"AUTH PLAIN " + base64.b64encode(f"\0all\0{SECRETS[0]}".encode()) + b"\r\n")
            assert sent(wire)[:9] == "250 2.0.0"  # kept in the spool
        assert smtp.stop() == 0
        assert not [secret for secret in SECRETS if secret in smtp.journal.read_text()]


def encoded(secret: str) -> str:
    return base64.b64encode(secret.encode()).decode().rstrip("=")
