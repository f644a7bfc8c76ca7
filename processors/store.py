"""States on this worker's own disk: quick to read, and never the truth. The changelog is; see ``memory.py``."""

import sqlite3
from collections.abc import Iterable, Mapping
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

FILE = "states.sqlite"
_TABLES = """
CREATE TABLE IF NOT EXISTS states (
    part INTEGER, key BLOB, value BLOB, at INTEGER, mark_ms INTEGER, PRIMARY KEY (part, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS marks ON states (part, mark_ms, key) WHERE mark_ms IS NOT NULL;
CREATE TABLE IF NOT EXISTS loaded (part INTEGER PRIMARY KEY, next_offset INTEGER);
CREATE TABLE IF NOT EXISTS origin (changelog TEXT);
"""
_KEEP = """
INSERT INTO states VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
SET value = excluded.value, at = excluded.at, mark_ms = excluded.mark_ms WHERE excluded.at >= at
"""
_REACH = "INSERT INTO loaded VALUES (?, ?) ON CONFLICT DO UPDATE SET next_offset = excluded.next_offset"


_PLACE = itemgetter(0, 1)
"""Of a state: where it stands. States of one place keep their order."""


class State(NamedTuple):
    """One state as it is kept."""

    partition: int
    key: bytes
    value: bytes
    at: int
    """Offset, on the source, of the last fact that is folded in. A state with a smaller one is older."""
    mark_ms: int | None = None
    """See ``States.put``."""


class Store:
    """The states of every partition this worker ever held, in one file; a crash leaves whole batches."""

    def __init__(self, folder: Path, changelog_id: str) -> None:
        """``changelog_id`` tells one changelog from another of the same name: states of another are forgotten."""
        folder.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(folder / FILE, isolation_level=None, check_same_thread=False)
        self._db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384;")
        self._db.executescript(_TABLES)
        if self._db.execute("SELECT changelog FROM origin").fetchall() != [(changelog_id,)]:
            self._begin_anew(changelog_id)

    def get(self, partition: int, key: bytes) -> State | None:
        """The state under ``key``."""
        sql = "SELECT value, at, mark_ms FROM states WHERE part = ? AND key = ?"
        found = self._db.execute(sql, (partition, key)).fetchone()
        return State(partition, key, *found) if found else None

    def marked(self, partition: int, until_ms: int, limit: int, since_ms: int = 0) -> list[tuple[int, bytes]]:
        """(mark, key) of the states whose mark lies between the two, in that order, ``limit`` at most."""
        sql = "SELECT mark_ms, key FROM states WHERE part = ? AND mark_ms BETWEEN ? AND ? ORDER BY mark_ms, key LIMIT ?"
        return self._db.execute(sql, (partition, since_ms, until_ms, limit)).fetchall()

    def keep(self, states: Iterable[State], ends: Mapping[int, int]) -> int:
        """Write states and, for each partition in ``ends``, the changelog offset they reach: all or nothing.

        How many were written: a state that is older than the one that stands is left out.
        """
        before = self._db.total_changes
        with self._db:
            self._db.execute("BEGIN")
            self._db.executemany(_KEEP, sorted(states, key=_PLACE))  # neighbours share a page; a third cheaper
            written = self._db.total_changes - before
            self._db.executemany(_REACH, ends.items())
        return written

    def reached(self, partition: int) -> int:
        """The changelog offset before which everything is here."""
        found = self._db.execute("SELECT next_offset FROM loaded WHERE part = ?", (partition,)).fetchone()
        return int(found[0]) if found else 0

    def forget(self, partition: int) -> None:
        """Drop what is known of a partition."""
        with self._db:
            self._db.execute("BEGIN")
            self._db.execute("DELETE FROM states WHERE part = ?", (partition,))
            self._db.execute("DELETE FROM loaded WHERE part = ?", (partition,))

    def count(self) -> int:
        """How many states are here."""
        return int(self._db.execute("SELECT count() FROM states").fetchone()[0])

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    def _begin_anew(self, changelog_id: str) -> None:
        with self._db:
            self._db.execute("BEGIN")
            for table in ("states", "loaded", "origin"):
                self._db.execute(f"DELETE FROM {table}")
            self._db.execute("INSERT INTO origin VALUES (?)", (changelog_id,))
