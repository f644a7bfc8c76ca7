"""What a person may see of a record that became a letter. Knows no database."""

import base64
from typing import Any

import msgspec

from schemas import codec
from schemas.errors import BadFact
from schemas.mail import MailReceived
from schemas.topics import MAILS

SECRET_TOPICS = frozenset({"media", "sources"})
"""Values of these may hold a password or a token; view.sql hides them."""


def without_raw(topic: str, value: bytes | None) -> bytes | None:
    """``value``; of a mail the envelope alone: the mail itself is long, and is asked for by itself."""
    if topic != MAILS.name or value is None:
        return value
    try:
        told: dict[str, Any] = msgspec.json.decode(value, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return value
    return msgspec.json.encode({name: one for name, one in told.items() if name != "raw"})


def mail_in(topic: str, value: bytes | None) -> MailReceived | None:
    """The mail that a record of ``topic`` holds; None where its value is none."""
    if topic != MAILS.name:
        return None
    try:
        found: MailReceived = codec.decode(topic, value)
    except BadFact:
        return None
    return found


def as_text(data: bytes | None) -> str | None:
    """Bytes as text; as ``base64:…`` where they are none."""
    if data is None:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return "base64:" + base64.b64encode(data).decode()
