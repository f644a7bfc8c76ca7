"""How dead letters look in answers."""

from typing import Any

from projections.dead_letters.reads import StoredLetter, as_text, mail_in, without_raw

MOST_CHARACTERS = 4096
"""Of a value in a list."""


def letter(one: StoredLetter) -> dict[str, Any]:
    """One letter. ``value`` is null where nobody may see it or it is long; of a mail it is the envelope."""
    value = as_text(without_raw(one.topic, one.value))
    return {
        "place": one.place,
        "consumer": one.consumer,
        "topic": one.topic,
        "partition": one.partition,
        "offset": one.offset,
        "key": as_text(one.key),
        "value": value if value is None or len(value) <= MOST_CHARACTERS else None,
        "size_bytes": one.size_bytes,
        "error": one.error,
        "reason": one.reason,
        "failed_ms": one.failed_ms,
        "code_version": one.code_version,
    } | _mail(one)


def _mail(one: StoredLetter) -> dict[str, Any]:
    mail = mail_in(one.topic, one.value)
    if mail is None:
        return {}
    return {"mail_key": mail.mail_key, "mail_url": f"/api/v1/dead-letters/{one.place}/mail"}
