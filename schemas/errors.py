"""The two answers a fact can provoke; anything else raised is our bug."""

MAX_REASON = 1000
"""Characters of a reason that are kept: reasons quote their input, and a dead letter must always fit."""


class BadFact(ValueError):
    """The fact is wrong for ever: dead-letter it with ``reason``, commit, go on (in a rebuild: stop)."""

    def __init__(self, reason: str) -> None:
        self.reason = reason if len(reason) <= MAX_REASON else reason[: MAX_REASON - 1] + "…"
        super().__init__(self.reason)


class NotYet(Exception):
    """The world is not ready: pause the partition, keep the offset, try again after ``retry_after_s``."""

    def __init__(self, reason: str, retry_after_s: float = 1.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after_s = retry_after_s
