"""Footage that says whose it is before it is read, so that the segment at which an eye ends is known."""

from collections.abc import Callable, Mapping, Sequence

from infra.allowance import Allowance
from processors.motion.detector import Bytes, Task


class Watched:
    """The segments of one task after the other; see ``Bytes``."""

    def __init__(self, footage: Bytes, allowance: Allowance, begins: Callable[[int], None]) -> None:
        """``begins``: told the start of each segment before it is read."""
        self._footage, self._allowance, self._begins = footage, allowance, begins
        self._starts: Mapping[str, int] = {}
        self._key = ""
        self.bytes_read = 0
        """Of the task."""

    def begin(self, task: Task) -> None:
        """From now on its segments are read."""
        self._starts = {one.object_key: one.start_ms for one in (*task.before, task.segment)}
        self._key, self.bytes_read = "", 0
        self._allowance.renew()

    def ranges(self, key: str, parts: Sequence[tuple[int, int]]) -> list[bytes]:
        """See ``Bytes``. Each segment has the whole of the processor time that one may take."""
        if key != self._key:
            self._key = key
            self._allowance.renew()
            self._begins(self._starts[key])
        read = self._footage.ranges(key, parts)
        self.bytes_read += sum(map(len, read))
        return read
