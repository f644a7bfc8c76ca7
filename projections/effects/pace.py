"""At most so many a second. Pure: ``now_s`` is any clock that does not jump."""


class Pace:
    """Says how long to wait before the next piece of work, and how large it may be."""

    def __init__(self, per_s: int, most: int) -> None:
        """``most``: largest piece; never more than a second's worth."""
        self._per_s = per_s
        self.most = min(per_s, most)
        self._due_s = 0.0

    def wait_s(self, now_s: float) -> float:
        """Seconds until the next piece may begin."""
        return max(0.0, self._due_s - now_s)

    def began(self, count: int, now_s: float) -> None:
        """A piece of ``count`` begins now."""
        self._due_s = max(self._due_s, now_s) + count / self._per_s
