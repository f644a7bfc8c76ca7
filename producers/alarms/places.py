"""Which records of the spool still need somebody to send them."""

from collections import defaultdict
from collections.abc import Iterable

from infra.backlog import Place
from infra.backlog_file import BacklogFile


class Places:
    """What is known of records in the spool: they have arrived, or are on their way without the spool's help."""

    def __init__(self) -> None:
        self._arrived: defaultdict[BacklogFile, set[int]] = defaultdict(set)
        self._underway: defaultdict[BacklogFile, set[int]] = defaultdict(set)

    def set_out(self, place: Place) -> None:
        """It is on its way: until it comes back, nobody need send it."""
        self._underway[place.file].add(place.offset)

    def come_back(self, place: Place) -> None:
        """It has not arrived, as far as is known."""
        self._underway[place.file].discard(place.offset)

    def arrive(self, place: Place) -> None:
        """It has arrived."""
        self._underway[place.file].discard(place.offset)
        self._arrived[place.file].add(place.offset)

    def unarrived(self, file: BacklogFile, offsets: Iterable[int]) -> list[int]:
        """Those of the offsets that have not arrived, in order."""
        return sorted(set(offsets) - self._arrived[file])

    def unsent(self, file: BacklogFile, offsets: Iterable[int]) -> list[int]:
        """Those that have not arrived and are not on their way, in order."""
        return sorted(set(offsets) - self._arrived[file] - self._underway[file])

    def forget(self, file: BacklogFile) -> None:
        """The file is gone."""
        self._arrived.pop(file, None)
        self._underway.pop(file, None)
