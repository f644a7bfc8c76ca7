"""Cursors: where the next page begins, opaque to callers."""

import base64
import binascii

from api.errors import bad_query


def seal(last: str) -> str:
    """The cursor that continues after ``last``."""
    return base64.urlsafe_b64encode(last.encode()).decode().rstrip("=")


def unseal(cursor: str) -> str:
    """What was sealed; 400 when we did not make it. The empty cursor begins at the start."""
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise bad_query("cursor", "not a cursor from `next`; leave it out to begin at the start") from None
