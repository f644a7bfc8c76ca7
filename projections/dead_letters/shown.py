"""What a person may see of a record that became a letter. Knows no database."""

from typing import Any

import msgspec

SECRET_TOPICS = frozenset({"media", "sources"})
"""Values of these may hold a password or a token; view.sql hides them."""
_MAILS = "mails"


def without_raw(topic: str, value: bytes | None) -> bytes | None:
    """``value``; of a mail the envelope alone: the mail itself is long, and is asked for by itself."""
    if topic != _MAILS or value is None:
        return value
    try:
        told: dict[str, Any] = msgspec.json.decode(value, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return value
    return msgspec.json.encode({name: one for name, one in told.items() if name != "raw"})
