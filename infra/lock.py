"""Who runs the stack on a data folder: a kernel lock that dies with its holder.

Open-file-description locks, because they can be asked about without being taken, and because closing another
handle of the same file does not drop them.
"""

import fcntl
import os
import struct
from contextlib import closing
from io import TextIOWrapper
from pathlib import Path

LOCK_FILE = "lock"
_FLOCK = "hhqqi"


def take(data: Path) -> TextIOWrapper | None:
    """The held lock of this folder (keep it open), with our pid inside; None when another process holds it."""
    file = open(data / LOCK_FILE, "a+")
    try:
        fcntl.fcntl(file, fcntl.F_OFD_SETLK, _whole_file(fcntl.F_WRLCK))
    except OSError:
        file.close()
        return None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def is_held(data: Path) -> bool:
    """True while some process holds this folder's lock."""
    try:
        file = open(data / LOCK_FILE)
    except FileNotFoundError:
        return False
    with closing(file):
        answer = fcntl.fcntl(file, fcntl.F_OFD_GETLK, _whole_file(fcntl.F_WRLCK))
    return bool(struct.unpack(_FLOCK, answer)[0] != fcntl.F_UNLCK)


def holder(data: Path) -> str:
    """The pid that the holder wrote, as text; empty when there is none."""
    path = data / LOCK_FILE
    return path.read_text().strip() if path.is_file() else ""


def _whole_file(kind: int) -> bytes:
    return struct.pack(_FLOCK, kind, os.SEEK_SET, 0, 0, 0)
