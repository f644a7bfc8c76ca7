"""Mails as the listener takes them, made for tests."""

import hashlib

from schemas.mail import MailReceived


def mail(number: int = 0, size_bytes: int = 0, route: str = "") -> MailReceived:
    """The mail of this number: the same number, the same bytes."""
    raw = f"Subject: motion {number}\r\n\r\nmail {number}\r\n".encode()
    raw += bytes((number + at) % 251 for at in range(max(0, size_bytes - len(raw))))
    return MailReceived(
        route=route or f"camera-{number % 7}@archive", observed_ms=1_795_000_000_000 + number, peer="192.0.2.7",
        mail_from="camera@site", rcpt_to=(f"camera-{number % 7}@archive",), hello="ipc", listener="plain",
        sha256=hashlib.sha256(raw).hexdigest(), size_bytes=len(raw), raw=raw,
    )  # fmt: skip
