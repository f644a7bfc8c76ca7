"""One file of a backlog: records, each found whole or not at all.

```
file    "SLBACK01"  key: 16 random bytes                                       written and synced before its name
record  "\\xf5SLr"   size: u32 little-endian   BLAKE2b(key; size): 4 bytes   BLAKE2b(key; bytes): 8 bytes   the bytes
```

The key makes checks that nobody can forge from outside: a mail that holds what looks like a record is never taken for
one when the real record around it is torn. The size has a check of its own, so that a look-alike costs no hash of all
that it claims to hold.
"""

import os
import struct
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from infra.disk import sync_folder
from infra.lock import try_lock

SUFFIX, DRAFT, BAD = ".backlog", ".new", ".bad"
_MAGIC, _MARK = b"SLBACK01", b"\xf5SLr"
_KEY_BYTES, _SIZE_CHECK_BYTES, _CHECK_BYTES = 16, 4, 8
_RECORD = struct.Struct(f"<{len(_MARK)}sI{_SIZE_CHECK_BYTES}s{_CHECK_BYTES}s")
HEAD_BYTES = len(_MAGIC) + _KEY_BYTES
RECORD_BYTES = _RECORD.size
"""What a record takes beside its own bytes."""


class Contents(NamedTuple):
    """What could be read of a file."""

    records: dict[int, bytes]
    """Offset → record, in order."""
    is_damaged: bool
    """Bytes changed after they were written, or there is no head: records may be missing."""
    torn_bytes: int
    """Bytes after the last record: a commit that a crash cut off. Nobody was told that it was kept."""


def head(key: bytes) -> bytes:
    """The first bytes of a file."""
    return _MAGIC + key


def framed(key: bytes, record: bytes) -> bytes:
    """The record as it stands in a file with this key."""
    size_check = _check(key, b"%d" % len(record), _SIZE_CHECK_BYTES)
    return _RECORD.pack(_MARK, len(record), size_check, _check(key, record, _CHECK_BYTES)) + record


def contents(data: bytes) -> Contents:
    """What a file's bytes hold, in order. Never raises; never yields a record that was not written."""
    if not data.startswith(_MAGIC) or len(data) < HEAD_BYTES:
        return Contents({}, is_damaged=True, torn_bytes=0)
    spans = list(_spans(data, data[len(_MAGIC) : HEAD_BYTES]))
    ends = [HEAD_BYTES, *(span.end for span in spans)]
    is_damaged = any(span.start != end or not span.is_good for span, end in zip(spans, ends, strict=False))
    records = {span.start: data[span.start + RECORD_BYTES : span.end] for span in spans if span.is_good}
    return Contents(records, is_damaged, len(data) - ends[-1])


class _Span(NamedTuple):
    start: int
    end: int
    is_good: bool


def _spans(data: bytes, key: bytes) -> Iterator[_Span]:
    """Every record of which all bytes are there; what is none is passed over up to the next that is."""
    at = HEAD_BYTES
    while 0 <= (start := data.find(_MARK, at)) <= len(data) - RECORD_BYTES:
        _, size, size_check, check = _RECORD.unpack_from(data, start)
        body = start + RECORD_BYTES
        at = start + 1
        if body + size <= len(data) and _check(key, b"%d" % size, _SIZE_CHECK_BYTES) == size_check:
            at = body + size
            yield _Span(start, at, _check(key, data[body:at], _CHECK_BYTES) == check)


def _check(key: bytes, data: bytes, size: int) -> bytes:
    return blake2b(data, digest_size=size, key=key).digest()


class BacklogFile:
    """A file that this process has locked: being written, or sealed and waiting to be read. Not thread-safe.

    The lock dies with the process, so a file that nobody has locked is one that nobody will finish.
    """

    def __init__(self, path: Path, handle: int, key: bytes, size_bytes: int) -> None:
        self.path = path
        self.size_bytes = size_bytes
        """Up to where it is known to be on disk; reading stops there."""
        self.written: list[int] = []
        """Offsets of the records that this process has put there; an adopted file may hold others."""
        self._handle = handle
        self._key = key

    @classmethod
    def create(cls, path: Path) -> "BacklogFile":
        """A new empty file, locked before it has its name, its name on disk. Raises OSError, and there is none."""
        draft = path.with_suffix(DRAFT)
        handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
        made = cls(path, handle, os.urandom(_KEY_BYTES), HEAD_BYTES)
        try:
            if not try_lock(handle):
                raise BlockingIOError(f"{draft} was locked by another process")
            made.write(head(made._key))
            made.sync()
            os.rename(draft, path)
            for folder in path.parents[:2]:  # the folder itself may be new
                sync_folder(folder)
        except OSError:
            draft.unlink(missing_ok=True)
            made.remove()
            raise
        return made

    @classmethod
    def adopt(cls, path: Path) -> "BacklogFile | None":
        """A file that a dead process left; None while somebody has it, or when it is gone. Raises OSError."""
        try:
            handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        if not try_lock(handle) or not _is_at(handle, path):
            os.close(handle)
            return None
        return cls(path, handle, b"", os.fstat(handle).st_size)

    def append(self, records: Sequence[bytes]) -> list[int]:
        """The offsets at which the records now stand on disk. Raises OSError: then it must not be written again."""
        framed_ones = [framed(self._key, record) for record in records]
        self.write(b"".join(framed_ones))
        self.sync()
        ends = list(accumulate(map(len, framed_ones), initial=self.size_bytes))
        self.size_bytes = ends[-1]
        self.written.extend(ends[:-1])
        return ends[:-1]

    def contents(self) -> Contents:
        """What stands in it. Raises OSError."""
        return contents(os.pread(self._handle, self.size_bytes, 0))

    def remove(self) -> None:
        """It is needed no more."""
        self.path.unlink(missing_ok=True)
        self.close()

    def set_aside(self) -> None:
        """It stays for a person to look at, with ``.bad`` after its name. Raises OSError."""
        os.rename(self.path, self.path.with_name(self.path.name + BAD))
        self.close()

    def close(self) -> None:
        """Let go of it; the next process takes it up."""
        os.close(self._handle)

    def write(self, data: bytes) -> None:
        """Put bytes after the last. Raises OSError, also when only some of them fitted."""
        left = memoryview(data)
        while left:
            left = left[os.write(self._handle, left) :]

    def sync(self) -> None:
        """What was written is on disk. Raises OSError, and then nothing is known of it."""
        os.fdatasync(self._handle)


def _is_at(handle: int, path: Path) -> bool:
    """False when the file was removed between opening and locking it."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
