"""The states as a batch sees them: what it has put so far lies over what the store has."""

from processors.store import State, Store


class Overlay:
    """``States`` for the facts of one batch, one after another; its writes are not yet in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._partition = 0
        self._at = 0
        self._kept: dict[tuple[int, bytes], State] = {}
        self._open: dict[tuple[int, bytes], State] = {}

    def turn_to(self, partition: int, at: int) -> None:
        """The next fact is the one at offset ``at``. What the fact before it put and nobody kept is gone."""
        self._partition, self._at = partition, at
        self._open = {}

    def keep(self) -> None:
        """What the fact has put becomes part of the batch."""
        self._kept |= self._open

    def writes(self) -> list[State]:
        """The last state of every key that was put and kept, in the order of partitions and keys.

        They go to the changelog in this order: a crash leaves a state only where those before it stand too.
        """
        return [self._kept[place] for place in sorted(self._kept)]

    @property
    def offset(self) -> int:
        """See ``States.offset``."""
        return self._at

    def get(self, key: bytes) -> bytes | None:
        """See ``States.get``."""
        place = (self._partition, key)
        found = self._open.get(place) or self._kept.get(place) or self._store.get(*place)
        return found.value if found else None

    def put(self, key: bytes, value: bytes, mark_ms: int | None = None) -> None:
        """See ``States.put``."""
        self._open[self._partition, key] = State(self._partition, key, value, self._at, mark_ms)

    def marked(self, until_ms: int, limit: int, since_ms: int = 0) -> list[tuple[int, bytes]]:
        """See ``States.marked``."""
        over = {key: one for (part, key), one in (self._kept | self._open).items() if part == self._partition}
        under = self._store.marked(self._partition, until_ms, limit + len(over), since_ms)
        marks = [(mark_ms, key) for mark_ms, key in under if key not in over]
        marks += [(one.mark_ms, key) for key, one in over.items() if one.mark_ms is not None]
        return [one for one in sorted(marks) if since_ms <= one[0] <= until_ms][:limit]
