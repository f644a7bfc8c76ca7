"""Bytes of footage in a bucket: a listing, and what came and went since. Pure.

A listing of a large bucket takes hours, in order of keys. What is stored or deleted behind the key that it has
reached is counted from the facts; what is before it, the listing will see for itself.
"""


class Ledger:
    """The sum as it is now. Not thread-safe."""

    def __init__(self, used_bytes: int = 0) -> None:
        """``used_bytes``: as it was last known; counted from until the first listing is done."""
        self._used = used_bytes
        self._listed = 0
        self._reached: str | None = None
        """The key that the listing has reached; None: none is going on."""

    @property
    def used_bytes(self) -> int:
        """As far as is known."""
        return max(0, self._used)

    def begin(self) -> None:
        """A listing begins."""
        self._reached, self._listed = "", 0

    def list(self, key: str, size_bytes: int) -> None:
        """The listing has come to this object."""
        self._reached = key
        self._listed += size_bytes

    def end(self) -> None:
        """The listing is complete: its sum counts from now on."""
        self._used, self._reached = self._listed, None

    def abandon(self) -> None:
        """The listing was cut off: nothing of it counts."""
        self._reached = None

    def store(self, key: str, size_bytes: int) -> None:
        """An object was stored."""
        self._change(key, size_bytes)

    def delete(self, key: str, size_bytes: int) -> None:
        """Objects were deleted, of which this is one: they are neighbours."""
        self._change(key, -size_bytes)

    def _change(self, key: str, size_bytes: int) -> None:
        self._used += size_bytes
        if self._reached is not None and key <= self._reached:
            self._listed += size_bytes
