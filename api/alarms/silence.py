"""When a camera that used to mail has fallen silent. Pure."""

from typing import Literal

State = Literal["ok", "silent", "never"]
STATES: tuple[State, ...] = ("ok", "silent", "never")

DAY_MS = 86_400_000
LEAST_MAILS = 10
LEAST_DAYS = 3
"""Fewer mails, or on fewer days, are no habit: a camera that was only being set up."""
GAPS = 3
"""A camera may be quiet so many times as long as it ever was in its habit."""
WEEK_MS = 7 * DAY_MS
WEEKEND_MS = 3 * DAY_MS
"""Known for less than a week, a camera may never have shown how long it is quiet at a weekend."""


def patience_ms(mails: int, days: int, known_ms: int, longest_gap_ms: int) -> int | None:
    """How long a camera may be quiet before it is silent, never less than a day; None: it has no habit to break.

    ``mails`` on ``days`` of the fortnight that ended with its last mail, ``known_ms`` from the first to the last of
    them. That fortnight does not move while the camera is quiet, so a silence lasts until it mails again.
    """
    if mails < LEAST_MAILS or days < LEAST_DAYS:
        return None
    return max(DAY_MS if known_ms >= WEEK_MS else WEEKEND_MS, GAPS * longest_gap_ms)


def state(last_ms: int | None, patience: int | None, now_ms: int) -> State:
    """Whether the camera mails as it used to; ``patience`` as above, None also where it need not be known."""
    if last_ms is None:
        return "never"
    return "silent" if patience is not None and now_ms - last_ms > patience else "ok"
