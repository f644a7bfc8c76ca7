"""Footage as the product stores it: cut, with tables and sound where they are in real segments."""

from pathlib import Path

from producers.segments import ingest
from tests.fakes import FakeLog, FakeStore
from tests.footage import Footage

START_MS = 1_790_000_000_000


def ingested(path: Path, segment_ms: int = 4000, media: str = "cam") -> list[Footage]:
    """The segments that ``sightlog ingest`` makes of a file."""
    store = FakeStore()
    found: list[Footage] = []
    archive = ingest.DirectArchive(
        media, store, FakeLog(), lambda fact: found.append(Footage(fact, store.get(fact.object_key)))
    )
    ingest.store_file(path, START_MS, archive, segment_ms)
    return found
