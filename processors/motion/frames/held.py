"""The bytes of one object that were fetched so far: what is wanted twice is read once."""

from bisect import bisect_right, insort
from collections.abc import Sequence

from processors.motion.detector import Bytes
from processors.motion.frames.limits import Unreadable


class Held:
    """Stretches of one object. Raises what ``footage`` raises, and Unreadable where the object is too short."""

    def __init__(self, key: str, footage: Bytes) -> None:
        self._key, self._footage = key, footage
        self._starts: list[int] = []
        self._parts: dict[int, bytes] = {}
        self.bytes_read = 0

    def fetch(self, stretches: Sequence[tuple[int, int]]) -> None:
        """Have every ``[start, end)``; those not had yet come in one request for all."""
        missing = [hole for start, end in _joined(stretches) for hole in self._holes(start, end)]
        if not missing:
            return
        sizes = [(start, end - start) for start, end in missing]
        for (start, size), data in zip(sizes, self._footage.ranges(self._key, sizes), strict=True):
            self.bytes_read += len(data)
            if len(data) != size:
                raise Unreadable(f"the object ends at byte {start + len(data)}, before its footage does")
            insort(self._starts, start)
            self._parts[start] = data

    def read(self, start: int, end: int) -> bytes:
        """The bytes ``[start, end)``, all of which were fetched."""
        pieces = []
        while start < end:
            at = self._starts[bisect_right(self._starts, start) - 1]
            piece = self._parts[at][start - at : end - at]
            pieces.append(piece)
            start += len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def drop(self) -> None:
        """Forget the bytes; they are fetched again when they are wanted again."""
        self._starts, self._parts = [], {}

    def _holes(self, start: int, end: int) -> list[tuple[int, int]]:
        """The parts of ``[start, end)`` that are not there."""
        holes = []
        first = max(0, bisect_right(self._starts, start) - 1)
        for at in self._starts[first:]:
            if at >= end:
                break
            if start < at:
                holes.append((start, at))
            start = max(start, at + len(self._parts[at]))
        if start < end:
            holes.append((start, end))
        return holes


def _joined(stretches: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same without overlaps, ascending."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found
