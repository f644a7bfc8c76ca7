"""How dead letters look in answers."""

import base64
from typing import Any

from projections.dead_letters.reads import StoredLetter, without_raw
from schemas import codec
from schemas.errors import BadFact
from schemas.mail import MailReceived
from schemas.topics import MAILS

MOST_CHARACTERS = 4096
"""Of a value in a list."""


def letter(one: StoredLetter) -> dict[str, Any]:
    """One letter. ``value`` is null where nobody may see it or it is long; of a mail it is the envelope."""
    value = text(without_raw(one.topic, one.value))
    return {
        "place": one.place,
        "consumer": one.consumer,
        "topic": one.topic,
        "partition": one.partition,
        "offset": one.offset,
        "key": text(one.key),
        "value": value if value is None or len(value) <= MOST_CHARACTERS else None,
        "size_bytes": one.size_bytes,
        "error": one.error,
        "reason": one.reason,
        "failed_ms": one.failed_ms,
        "code_version": one.code_version,
    } | _mail(one)


def mail_in(one: StoredLetter) -> MailReceived | None:
    """The mail that a letter is about; None where its value is none."""
    if one.topic != MAILS.name:
        return None
    try:
        found: MailReceived = codec.decode(one.topic, one.value)
    except BadFact:
        return None
    return found


def text(data: bytes | None) -> str | None:
    """Bytes as text; as ``base64:…`` where they are none."""
    if data is None:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return "base64:" + base64.b64encode(data).decode()


def _mail(one: StoredLetter) -> dict[str, Any]:
    mail = mail_in(one)
    if mail is None:
        return {}
    return {"mail_key": mail.mail_key, "mail_url": f"/api/v1/dead-letters/{one.place}/mail"}
