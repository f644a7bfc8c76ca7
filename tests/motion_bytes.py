"""A ``processors.motion.detector.Bytes`` in memory that passes the same contract as the store's."""

from collections.abc import Sequence

from infra.objects import ObjectMissing, StoreUnavailable
from tests.footage import Footage


class MemoryBytes:
    """Objects by key. ``down = True`` makes every call fail until it is False."""

    def __init__(self, objects: dict[str, bytes]) -> None:
        self.objects = objects
        self.down = False
        self.asked: list[tuple[str, tuple[tuple[int, int], ...]]] = []

    @classmethod
    def of(cls, *footage: Footage) -> "MemoryBytes":
        return cls({one.fact.object_key: one.data for one in footage})

    def ranges(self, key: str, parts: Sequence[tuple[int, int]]) -> list[bytes]:
        if self.down:
            raise StoreUnavailable(f"{key}: told to be down")
        if key not in self.objects:
            raise ObjectMissing(key)
        self.asked.append((key, tuple(parts)))
        return [self.objects[key][offset : offset + size] for offset, size in parts]
