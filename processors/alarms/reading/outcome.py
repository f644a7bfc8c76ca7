"""What reading a mail gives: one finding per camera, or one reason why there is none."""

from collections.abc import Callable
from typing import Literal, NamedTuple

Kind = Literal["start", "stop", "test", "other"]
LocalTime = Callable[[str, int], int]
"""(IANA zone, local wall time as if it were UTC ms) to UTC ms."""


class Found(NamedTuple):
    """What one mail says of one camera."""

    media: str
    kind: Kind
    matched: str
    """The catch word, or the phrase that made it a test or an operator event."""
    device: str
    channel: str
    event: str
    vendor: str
    """The reader that understood it; ``generic``: none did."""
    claimed_ms: int | None
    """The mail's own time, UTC; None: it has none that a calendar knows."""


class Reading(NamedTuple):
    """A mail, read. Nothing found: ``error`` is a code and ``reason`` a sentence that says what to do."""

    found: tuple[Found, ...]
    subject: str
    sender: str
    recipient: str
    pictures: tuple[bytes, ...]
    """JPEGs by their first bytes, not yet checked further."""
    is_dated: bool
    """It has a Message-ID, a Date or a time of its own: identical bytes are the same mail told twice."""
    error: Literal["", "unknown_camera", "no_match", "not_allowed", "broken", "too_complex"] = ""
    reason: str = ""
