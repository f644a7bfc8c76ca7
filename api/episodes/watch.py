"""One look at the tables for all who wait: however many polls and streams are open, one query tells that facts came."""

import asyncio
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool

from infra import journal
from infra.clickhouse import DatabaseError, DatabaseUnavailable
from projections.episodes.reads import Vector

EVERY_S = 0.3


class Watch:
    """Looks while somebody waits, and only then. Used on one event loop at a time; ``close`` from anywhere."""

    def __init__(self, progress: Callable[[], Vector], every_s: float = EVERY_S) -> None:
        self._progress = progress
        self._every_s = every_s
        self._waiting = 0
        self._seen: Vector = ()
        self._looked = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self.closed = False
        """True once nobody shall wait any longer: the process stops."""

    def close(self) -> None:
        """Send everybody home, at the next look."""
        self.closed = True

    async def beyond(self, known: Vector, within_s: float) -> bool:
        """True as soon as the tables hold facts beyond ``known``; False when none come in time, or when closed."""
        self._waiting += 1
        try:
            async with asyncio.timeout(within_s):
                while not self.closed:
                    await self._next_look()
                    if is_beyond(self._seen, known):
                        return True
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1
        return False

    async def _next_look(self) -> None:
        """Returns after the next look. Raises what broke the looking."""
        if self._looking is None or self._looking.done():
            self._looked = asyncio.Event()
            self._looking = asyncio.create_task(self._look_while_waited())
        looking = self._looking
        await self._looked.wait()
        if looking.done() and (broken := looking.exception()):
            raise broken

    async def _look_while_waited(self) -> None:
        try:
            while self._waiting and not self.closed:
                await self._look()
                told, self._looked = self._looked, asyncio.Event()
                told.set()
                await asyncio.sleep(self._every_s)
        finally:
            self._looked.set()

    async def _look(self) -> None:
        """A database that is away is nothing new; who waits goes on waiting."""
        try:
            self._seen = await run_in_threadpool(self._progress)
        except (DatabaseUnavailable, DatabaseError) as error:
            journal.get("api").warning("cannot see changes", error=error)


def is_beyond(seen: Vector, known: Vector) -> bool:
    """True when some partition of ``seen`` is further than in ``known``."""
    padded = known + (0,) * (len(seen) - len(known))
    return any(now > before for now, before in zip(seen, padded, strict=False))
