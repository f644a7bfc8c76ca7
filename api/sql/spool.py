"""An answer between the engine and its reader: a file that is read while it is still written.

The engine fills it at its own speed and is free; a slow reader holds a file, not a place in the engine.
"""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator

_PIECE_BYTES = 256 << 10


class Spool:
    """Bytes in order, written once, read once. Used from one event loop."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the answer is
        self._size = 0
        self._ended = False
        self._failure: BaseException | None = None
        self._changed = asyncio.Event()

    @property
    def size(self) -> int:
        """Bytes written so far."""
        return self._size

    @property
    def ended(self) -> bool:
        """True when nothing more will come."""
        return self._ended

    def write(self, piece: bytes) -> None:
        """Add to the end."""
        self._file.write(piece)
        self._size += len(piece)
        self._changed.set()

    def end(self, failure: BaseException | None = None) -> None:
        """Say that all is there, or why it never will be."""
        self._ended, self._failure = True, failure
        self._changed.set()

    async def begun(self, enough_bytes: int) -> None:
        """Wait for the end or for so many bytes. Raises the failure that came before them."""
        while not self._ended and self._size < enough_bytes:
            await self._change()
        if self._failure is not None and self._size < enough_bytes:
            raise self._failure

    async def pieces(self) -> AsyncIterator[bytes]:
        """Everything from the start, as it comes. Raises the failure in place of the end."""
        at = 0
        while True:
            if at == self._size:
                if not self._ended:
                    await self._change()
                    continue
                if self._failure is not None:
                    raise self._failure
                return
            self._file.flush()
            piece = os.pread(self._file.fileno(), min(_PIECE_BYTES, self._size - at), at)
            at += len(piece)
            yield piece

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()
