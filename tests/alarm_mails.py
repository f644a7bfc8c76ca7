"""Mails for tests: cameras, a received mail around raw bytes, a clock for zones, and the two corpora."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from processors.alarms.reading.read import Directory, Reading, read
from schemas.facts import MediaConfigured
from schemas.mail import MailReceived

OURS = Path(__file__).parent / "mails"
SHARED = Path(__file__).parents[2] / "shared" / "eml"
RECEIVED_MS = 1_790_000_000_000
"""2026-09-21."""
ZONE = "Europe/Warsaw"


def local_time(zone: str, wall_ms: int) -> int:
    """UTC ms of a wall clock in an IANA zone, as the shell does it."""
    naive = datetime.fromtimestamp(wall_ms / 1000, UTC).replace(tzinfo=None)
    return round(naive.replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def utc_ms(iso: str, zone: str = ZONE) -> int:
    """UTC ms of an ISO time; without an offset it is on the clock of ``zone``."""
    at = datetime.fromisoformat(iso)
    return round((at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).timestamp() * 1000)


def camera(media: str, *catch: str, aliases: Iterable[str] = (), login: str = "", **other: Any) -> MediaConfigured:
    """A camera that mails are read for."""
    return MediaConfigured(
        media=media, observed_ms=1, catch=catch or ("motion",), mail_aliases=tuple(aliases), mail_login=login,
        mail_password="secret" if login else "", **other,
    )  # fmt: skip


def directory(*cameras: MediaConfigured, listener: str = "") -> Directory:
    """These cameras, on Warsaw's clock."""
    return Directory.of(cameras, ZONE, listener)


def received(
    raw: bytes, *rcpt_to: str, mail_from: str = "", login: str = "", observed_ms: int = RECEIVED_MS
) -> MailReceived:
    """The mail as the listener took it."""
    return MailReceived(
        route=login or "route", observed_ms=observed_ms, rcpt_to=rcpt_to, mail_from=mail_from, login=login,
        sha256=hashlib.sha256(raw).hexdigest(), size_bytes=len(raw), raw=raw,
    )  # fmt: skip


def reading(
    raw: bytes, cameras: Directory, *rcpt_to: str, mail_from: str = "", login: str = "", observed_ms: int = RECEIVED_MS
) -> Reading:
    """What the mail says to these cameras."""
    mail = received(raw, *rcpt_to, mail_from=mail_from, login=login, observed_ms=observed_ms)
    return read(mail, raw, cameras, local_time)


def mail(subject: str, body: str, *headers: str, eol: str = "\r\n") -> bytes:
    """A plain mail of a few lines."""
    lines = ["From: <cam@example.com>", "To: <nobody@example.com>", f"Subject: {subject}", *headers, "", body]
    return eol.join(lines).replace("\r\n", "\n").replace("\n", eol).encode()


def manifest(folder: Path) -> list[dict[str, Any]]:
    """The entries of a corpus; none when it is not here."""
    listing = folder / "manifest.json"
    return json.loads(listing.read_text("utf-8"))["mails"] if listing.exists() else []
