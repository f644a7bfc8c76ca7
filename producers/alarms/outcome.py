"""What can become of a mail that the listener has whole."""

from enum import Enum


class Outcome(Enum):
    """What became of a mail."""

    KEPT = "kept"
    """It survives whatever happens to this process: answer 250."""
    LOG_AWAY = "log_away"
    """The broker has been away for longer than the spool may bridge: 451, the camera sends it again."""
    SPOOL_FULL = "spool_full"
    """The broker is away and the spool holds what it may, or its disk refuses: 452."""
