"""Bodies of saves for the tests of this folder."""

import json
from typing import Any

PLAIN: dict[str, Any] = {
    "episode_id": 1722279170848854016, "media": "gate-1", "opened_at": 1699458327000, "updated_at": 1699458331500,
}  # fmt: skip


def body(**more: Any) -> bytes:
    """A good save with ``more`` fields; a field given as None is left out."""
    return json.dumps({name: value for name, value in (PLAIN | more).items() if value is not None}).encode()


def with_raw(name: str, raw: bytes) -> bytes:
    """A good save with one field whose JSON is written by hand."""
    rest = body(**{name: None})
    return b'{"%s": %s, %s' % (name.encode(), raw, rest[1:])
