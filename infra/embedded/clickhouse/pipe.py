"""The way of a result out of the engine: it writes into an OS pipe, the event loop reads.

The engine formats, compresses and blocks on a full pipe by itself, so a result of any size passes through one
megabyte of memory, in any format, without a thread hop per block. (chDB's own streaming formats every block as a
document of its own, which is no JSON, Arrow or Parquet file when joined.)
"""

import asyncio
import fcntl
import os
from contextlib import suppress

BLOCK_BYTES = 1 << 20


class Pipe:
    """One pipe. The engine opens ``path``; the loop awaits ``read``."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        if hasattr(fcntl, "F_SETPIPE_SZ"):
            # The kernel's default of 64 KiB is kept where a user has used up his share of pipe memory.
            with suppress(OSError):
                fcntl.fcntl(self._writer, fcntl.F_SETPIPE_SZ, BLOCK_BYTES)
        self.path = f"/dev/fd/{self._writer}"

    async def read(self) -> bytes:
        """The next bytes, at most a megabyte; empty at the end."""
        while True:
            try:
                return os.read(self._reader, BLOCK_BYTES)
            except BlockingIOError:
                await self._readable()

    def close_writer(self) -> None:
        """Say that nothing more will come. Called by the thread that ran the statement; once."""
        os.close(self._writer)

    def close(self) -> None:
        """Close the reading side, when the statement has ended."""
        os.close(self._reader)

    async def _readable(self) -> None:
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[None] = loop.create_future()
        loop.add_reader(self._reader, _settle, ready)
        try:
            await ready
        finally:
            loop.remove_reader(self._reader)


def _settle(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)
