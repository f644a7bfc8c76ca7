"""A part's log file, kept below a size."""

import shutil
from contextlib import suppress
from pathlib import Path
from typing import IO

LIMIT_BYTES = 10 << 20
KEPT = 3


class LogFile:
    """The output of one part: ``NAME.log`` and older ``NAME.log.1`` (newest) to ``NAME.log.3``.

    The part writes to the file itself, in append mode, so a frozen supervisor never blocks it; rotation copies
    and truncates, and a line written in between may be lost.
    """

    def __init__(self, path: Path, limit_bytes: int = LIMIT_BYTES) -> None:
        self.path = path
        self._limit_bytes = limit_bytes

    def open(self) -> IO[bytes]:
        """The file, open for appending."""
        return self.path.open("ab")

    def rotate(self) -> None:
        """Move the content on to ``.1`` when the file has grown past its limit."""
        if not self.path.exists() or self.path.stat().st_size < self._limit_bytes:
            return
        for number in range(KEPT - 1, 0, -1):
            older = self._numbered(number)
            if older.exists():
                older.replace(self._numbered(number + 1))
        with suppress(OSError):  # a full disk: room matters more than old lines
            shutil.copyfile(self.path, self._numbered(1))
        with self.path.open("r+b") as file:
            file.truncate(0)

    def tail(self, lines: int = 3) -> list[str]:
        """The last non-empty lines, oldest first."""
        if not self.path.exists():
            return []
        with self.path.open("rb") as file:
            file.seek(max(0, self.path.stat().st_size - 8192))
            text = file.read().decode(errors="replace")
        return [line for line in text.splitlines() if line.strip()][-lines:]

    def _numbered(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")
