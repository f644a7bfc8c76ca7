"""A durable spool: what must survive this process on its way to servers that may be down.

A spool is a folder of lanes; a lane is an ordered row of entries; an entry is a note (bytes) and perhaps a blob (a
file). On disk, ``<root>/<lane>/`` (``%`` and ``/`` in a name are quoted; nothing else, or long names
of other scripts would pass the 255 bytes of a file name):

- ``<at>.part``: a blob being written; what a crash leaves of it is found by ``Lane.leftovers``
- ``<number>-<at>.mp4`` and ``<number>-<at>.json``: blob and note of a committed entry. The note makes the entry: it is
  renamed into place last, after file and folder are on disk
- ``<number>-<at>.sent``: the note of a settled entry: it has arrived, and lingers with its blob until the store it went
  to has surely written it to disk
- ``state``: what the lane's owner must remember when it has no entries (its cursor), replaced atomically

Crash safety: write → fsync file → rename → fsync folder, at every step. A blob without a note is a leftover.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from infra.disk import sync_folder

_BLOB, _NOTE, _SENT, _PART, _BAD, _STATE = ".mp4", ".json", ".sent", ".part", ".bad", "state"


class Entry(NamedTuple):
    """One committed entry, still on disk. Entries of a lane are ordered by ``number``."""

    lane: str
    number: int
    at: int
    """The owner's own order, comparable between lanes (a time)."""
    note: Path
    blob: Path | None
    size_bytes: int
    """Bytes of the blob; 0 without one."""


class Part:
    """A blob being written. Not thread-safe."""

    def __init__(self, path: Path, at: int) -> None:
        self.path, self.at = path, at
        self.size_bytes = 0
        self._file: BinaryIO = open(path, "wb", buffering=0)  # noqa: SIM115 - open until sync or discard

    def write(self, data: bytes) -> None:
        """Append. Raises OSError, also when only some of it fitted."""
        left = memoryview(data)
        while left:
            left = left[self._file.write(left) or 0 :]
        self.size_bytes += len(data)

    def sync(self) -> None:
        """Everything written is on disk, and the file closed."""
        os.fsync(self._file.fileno())
        self._file.close()

    def discard(self) -> None:
        """Give it up."""
        self._file.close()
        self.path.unlink(missing_ok=True)


class Lane:
    """One row of entries with one writer and one sender. Its methods may be called from any thread."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._folder = folder
        self._lock = threading.RLock()
        folder.mkdir(parents=True, exist_ok=True)
        self._entries = {entry.number: entry for entry in self._scan(_NOTE)}
        self._settled = {entry.number: entry for entry in self._scan(_SENT)}
        self._next = max((*self._entries, *self._settled), default=0) + 1
        self._taken: set[int] = set()

    @property
    def size_bytes(self) -> int:
        """Bytes of all committed blobs; settled ones do not count."""
        with self._lock:
            return sum(entry.size_bytes for entry in self._entries.values())

    @property
    def entries(self) -> list[Entry]:
        """What is committed and not removed, in order."""
        with self._lock:
            return [self._entries[number] for number in sorted(self._entries)]

    @property
    def settled(self) -> list[Entry]:
        """What has arrived and lingers, in order."""
        with self._lock:
            return [self._settled[number] for number in sorted(self._settled)]

    def part(self, at: int) -> Part:
        """A new blob to write."""
        return Part(self._folder / f"{at}{_PART}", at)

    def commit(self, note: bytes, at: int, state: bytes | None = None, part: Part | None = None) -> Entry:
        """A new last entry, durable when this returns; the state is replaced with it. Raises OSError (disk full)."""
        with self._lock:
            number, self._next = self._next, self._next + 1  # not used again, whatever the disk says next
            stem = f"{number:012d}-{at}"
            blob = self._folder / (stem + _BLOB) if part else None
            if part and blob:
                part.sync()
                os.replace(part.path, blob)
                sync_folder(self._folder)
            path = self._folder / (stem + _NOTE)
            try:
                _write(path, note)
                if state is not None:  # after the note: a crash leaves an old state, never one that counts too much
                    self.save_state(state)
            except OSError:
                path.unlink(missing_ok=True)
                raise
            entry = Entry(self.name, number, at, path, blob, part.size_bytes if part else 0)
            self._entries[entry.number] = entry
            return entry

    def take(self, most: int) -> list[Entry]:
        """The first entries, now being sent: they cannot be replaced until removed or released."""
        with self._lock:
            first = self.entries[:most]
            self._taken.update(entry.number for entry in first)
            return first

    def release(self) -> None:
        """Sending failed: what was taken stays."""
        with self._lock:
            self._taken.clear()

    def settle(self, entry: Entry) -> Entry:
        """The entry has arrived where it belongs; it lingers. Raises OSError, and it is as it was."""
        with self._lock:
            lingering = entry._replace(note=entry.note.with_suffix(_SENT))
            os.replace(entry.note, lingering.note)
            del self._entries[entry.number]
            self._taken.discard(entry.number)
            self._settled[entry.number] = lingering
            return lingering

    def unsettle(self, entry: Entry) -> None:
        """What was said to have arrived is not there: it is committed again, in its old place. Raises OSError."""
        with self._lock:
            again = entry._replace(note=entry.note.with_suffix(_NOTE))
            os.replace(entry.note, again.note)
            del self._settled[entry.number]
            self._entries[entry.number] = again

    def remove(self, entry: Entry) -> None:
        """The entry is needed no more. The note goes first, so that no note ever lacks its blob."""
        with self._lock:
            self._entries.pop(entry.number, None)
            self._settled.pop(entry.number, None)
            self._taken.discard(entry.number)
        entry.note.unlink(missing_ok=True)
        if entry.blob:
            entry.blob.unlink(missing_ok=True)

    def set_aside(self, entry: Entry) -> None:
        """The entry is of no use: its files stay, with ``.bad`` after their names, for a person to look at."""
        with self._lock:
            self._entries.pop(entry.number, None)
            self._taken.discard(entry.number)
            for path in (entry.note, entry.blob):
                if path:
                    os.replace(path, path.with_name(path.name + _BAD))

    def oldest_blob(self) -> Entry | None:
        """The first entry with a blob that nobody is sending."""
        with self._lock:
            free = (e for e in self.entries if e.blob and e.number not in self._taken)
            return next(free, None)

    def give_up(self, entry: Entry, note: bytes) -> bool:
        """Keep ``note`` in the entry's place and drop its blob. False when it is being sent or gone."""
        with self._lock:
            if entry.number in self._taken or entry.number not in self._entries:
                return False
            _write(entry.note, note)
            if entry.blob:
                entry.blob.unlink(missing_ok=True)
            self._entries[entry.number] = entry._replace(blob=None, size_bytes=0)
            return True

    def absorb(self, entry: Entry) -> bool:
        """Drop an entry whose note now stands in another's. False when it is being sent or gone."""
        with self._lock:
            if entry.number in self._taken or entry.number not in self._entries:
                return False
            self.remove(entry)
            return True

    def state(self) -> bytes | None:
        """What ``save_state`` kept last; None before the first time."""
        path = self._folder / _STATE
        return path.read_bytes() if path.is_file() else None

    def save_state(self, state: bytes) -> None:
        """Replace the state, durably. Raises OSError."""
        _write(self._folder / _STATE, state)

    def leftovers(self) -> list[Path]:
        """Blobs that a crash left without a note, oldest first. The caller reads what it can and unlinks them."""
        noted = {entry.blob for entry in (*self.entries, *self.settled)}
        torn = [p for p in self._folder.iterdir() if p.suffix == _PART or (p.suffix == _BLOB and p not in noted)]
        return sorted(torn, key=_at)

    def _scan(self, suffix: str) -> Iterator[Entry]:
        for path in self._folder.glob(f"*{suffix}"):
            number, at = path.stem.split("-")
            blob = path.with_suffix(_BLOB)
            size = blob.stat().st_size if blob.is_file() else 0
            yield Entry(self.name, int(number), int(at), path, blob if size else None, size)


class Spool:
    """All lanes under one root."""

    def __init__(self, root: Path, most_bytes: int, free_bytes: int) -> None:
        self._root = root
        self._most_bytes = most_bytes
        self._free_bytes = free_bytes
        self._lock = threading.Lock()
        root.mkdir(parents=True, exist_ok=True)
        found = ((_unquoted(path.name), path) for path in root.iterdir() if path.is_dir())
        self._lanes = {name: Lane(name, path) for name, path in found}

    def lane(self, name: str) -> Lane:
        """The lane of this name, created when new."""
        with self._lock:
            if name not in self._lanes:
                self._lanes[name] = Lane(name, self._root / _quoted(name))
            return self._lanes[name]

    def lanes(self) -> list[Lane]:
        """Every lane there is."""
        with self._lock:
            return list(self._lanes.values())

    @property
    def size_bytes(self) -> int:
        """Bytes of all committed blobs; settled ones do not count."""
        return sum(lane.size_bytes for lane in self.lanes())

    @property
    def is_full(self) -> bool:
        """True when it holds more than it may."""
        return self.size_bytes > self._most_bytes

    @property
    def is_disk_full(self) -> bool:
        """True when its disk has less room than must stay free."""
        return shutil.disk_usage(self._root).free < self._free_bytes

    def oldest_blob(self) -> tuple[Lane, Entry] | None:
        """The oldest blob of all lanes that nobody is sending."""
        found = [(lane, entry) for lane in self.lanes() if (entry := lane.oldest_blob())]
        return min(found, key=lambda pair: pair[1].at, default=None)


def _quoted(name: str) -> str:
    return name.replace("%", "%25").replace("/", "%2F")


def _unquoted(name: str) -> str:
    return name.replace("%2F", "/").replace("%25", "%")


def _write(path: Path, data: bytes) -> None:
    """Replace a file so that after a crash it is the old or the new one, whole."""
    fresh = path.with_name(path.name + ".new")
    with open(fresh, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
    sync_folder(path.parent)


def _at(path: Path) -> int:
    return int(path.stem.split("-")[-1])
