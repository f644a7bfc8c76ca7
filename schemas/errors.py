"""The two answers a fact can provoke; anything else raised is our bug."""


class BadFact(ValueError):
    """The fact is wrong for ever: dead-letter it with ``reason``, commit, go on (in a rebuild: stop)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotYet(Exception):
    """The world is not ready: pause the partition, keep the offset, try again after ``retry_after_s``."""

    def __init__(self, reason: str, retry_after_s: float = 1.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after_s = retry_after_s
