"""Checksums as facts hold them."""

from binascii import unhexlify
from typing import Annotated

from msgspec import Meta

Sha256 = Annotated[str, Meta(extra_json_schema={"type": "string", "pattern": "^[0-9a-f]{64}$"})]
"""64 lower-case hexadecimal digits. The type only tells outsiders the rule; ``is_sha256`` enforces it, because the
pattern alone would take a third of the time in which a segment is decoded."""


def is_sha256(text: str) -> bool:
    """True when ``text`` is a checksum as we write it."""
    try:
        return len(text) == 64 and unhexlify(text).hex() == text
    except ValueError:  # some character is no hexadecimal digit
        return False
