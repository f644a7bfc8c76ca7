"""Cursors that hold more than one value: opaque to callers, checked when they come back."""

import base64
import binascii
from hashlib import blake2b
from typing import Any, TypeVar

import msgspec

from api.errors import bad_query

T = TypeVar("T")


def seal(cursor: Any) -> str:
    """The cursor as answers carry it."""
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(cursor)).decode().rstrip("=")


def unseal(sealed: str, decoder: "msgspec.msgpack.Decoder[T]", name: str = "cursor") -> T:
    """What was sealed; 400 for ``name`` when we did not make it."""
    try:
        return decoder.decode(base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, msgspec.MsgspecError, ValueError, RecursionError):
        raise bad_query(name, "not a cursor of ours; leave it out to begin at the start") from None


def fingerprint(question: Any) -> bytes:
    """The same few bytes for the same question."""
    return blake2b(msgspec.json.encode(question, order="sorted"), digest_size=8).digest()
