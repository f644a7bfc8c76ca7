"""Who runs the stack on a data folder: a kernel lock that dies with its holder.

Open-file-description locks, because they can be asked about without being taken, and because closing another
handle of the same file does not drop them.
"""

import fcntl
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK_FILE = "lock"
_FLOCK = "hhqqi"


@contextmanager
def hold(data: Path) -> Iterator[bool]:
    """True while this process holds the folder's lock, with its pid inside; False when another process has it."""
    handle = os.open(data / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        taken = try_lock(handle)
        if taken:
            os.truncate(handle, 0)
            os.write(handle, f"{os.getpid()}\n".encode())
        yield taken
    finally:
        os.close(handle)


def is_held(data: Path) -> bool:
    """True while some process holds this folder's lock."""
    try:
        handle = os.open(data / LOCK_FILE, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        answer = fcntl.fcntl(handle, fcntl.F_OFD_GETLK, _whole_file(fcntl.F_WRLCK))
    finally:
        os.close(handle)
    return bool(struct.unpack(_FLOCK, answer)[0] != fcntl.F_UNLCK)


def holder(data: Path) -> str:
    """The pid that the last holder wrote, as text; empty when there was none."""
    path = data / LOCK_FILE
    return path.read_text().strip() if path.is_file() else ""


def try_lock(handle: int) -> bool:
    """True when the open file is now locked through this handle; False when another handle has it locked."""
    try:
        fcntl.fcntl(handle, fcntl.F_OFD_SETLK, _whole_file(fcntl.F_WRLCK))
    except BlockingIOError:
        return False
    return True


def _whole_file(kind: int) -> bytes:
    return struct.pack(_FLOCK, kind, os.SEEK_SET, 0, 0, 0)
