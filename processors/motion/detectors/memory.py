"""What a process remembers of cameras: the latest baselines, within a limit of bytes. Only ever saves work."""

from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b

from processors.motion.detectors.fold import Known
from schemas.facts import SegmentRecorded


class Memory:
    """Baselines by the name of the footage they were learned from; the longest unused goes first."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._held: OrderedDict[bytes, Known] = OrderedDict()
        self._bytes = 0

    def of(self, name: bytes) -> Known | None:
        """What was learned from exactly this footage, if it is still known."""
        found = self._held.get(name)
        if found is not None:
            self._held.move_to_end(name)
        return found

    def keep(self, name: bytes, known: Known, instead_of: bytes | None) -> None:
        """Remember it; what it grew from is needed no more."""
        self._drop(name)
        if instead_of is not None:
            self._drop(instead_of)
        self._held[name] = known
        self._bytes += known.size_bytes
        while self._bytes > self._most_bytes and len(self._held) > 1:
            self._drop(next(iter(self._held)))

    def _drop(self, name: bytes) -> None:
        gone = self._held.pop(name, None)
        if gone is not None:
            self._bytes -= gone.size_bytes


def names(chain: Sequence[SegmentRecorded], is_start: bool) -> list[bytes]:
    """Per segment of a chain, the name of the footage up to and with it: other bytes, another name.

    ``is_start``: the first is the first after a hole, of which more is learned than of one in the middle.
    """
    digest = blake2b(b"start" if is_start else b"middle", digest_size=16)
    found = []
    for segment in chain:
        digest.update(f"{segment.media} {segment.start_ms} {segment.sha256}\n".encode())
        found.append(digest.digest())
    return found
