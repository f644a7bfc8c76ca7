"""The feed: every accepted version exactly once, by position; waiting costs nothing but a place in the watch.

A reader who keeps ``next`` goes on exactly where it was, whatever happens to us. A reader who keeps no more than the
largest ``updated_at`` it saw is served as well, as far as its sources' clocks are in order: what the pipeline itself
may still put out of order (the last second) is held back from it.
"""

import asyncio
import heapq
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Hashable
from typing import Any, NamedTuple, TypeVar

import msgspec
from starlette.concurrency import run_in_threadpool

from api.episodes.cursors import Position, Since
from api.episodes.store import Episodes
from api.episodes.watch import Watch, is_beyond
from api.seen.marks import may_show
from infra import clock, journal
from infra.clickhouse import DatabaseError, DatabaseUnavailable
from projections.episodes.reads import Search, StoredEpisode, Vector
from schemas.visible import Visible

SETTLE_MS = 1000
"""Changes taken longer ago than this are in the tables, in whatever order they were read."""
HEARTBEAT_S = 5.0
"""Whoever waits is told so as often, and what they may see is looked up anew."""
_AT_ONCE = 8
"""Threads the feed may use; the others are for those who do not wait."""
_MOST_POSITIONS = 100_000
_PAGE = 100
_AGAIN_S = 1.0

Answer = TypeVar("Answer")
VisibleNow = Callable[[], Awaitable[Visible]]
"""What a reader may see now. Raises what ends the answer: the token was revoked, the session is over."""


class Told(NamedTuple):
    """Changes, and the cursor behind them."""

    episodes: list[StoredEpisode]
    next: Position | Since


class Stretch(NamedTuple):
    """Changes by position: all that match from ``since`` up to ``until``, in the order of each partition."""

    episodes: list[StoredEpisode]
    since: Vector
    until: Vector


class Feed:
    """Answers polls and streams over one watch. Used on one event loop at a time; ``close`` from anywhere."""

    def __init__(self, episodes: Episodes, watch: Watch | None = None) -> None:
        self._changes = episodes.changes
        self._watch = watch or Watch(episodes.changes.progress)
        self._running: dict[Hashable, asyncio.Task[Any]] = {}
        self._room = asyncio.Semaphore(_AT_ONCE)

    def close(self) -> None:
        """End every wait; polls answer what they have, streams end."""
        self._watch.close()

    async def poll(
        self, search: Search, start: Position | Since | None, limit: int, timeout_s: float, visible: VisibleNow
    ) -> Told:
        """At least one change as soon as there is one, none after ``timeout_s``.

        ``start`` None: changes updated after ``search.updated_at_gt``; those from now on where that is None too.
        """
        allowed = msgspec.structs.replace(search, visible=await visible())
        told = await _while_allowed(self._poll(allowed, start, limit, clock.monotonic_s() + timeout_s), visible)
        return told._replace(episodes=_still(told.episodes, await visible()))

    async def follow(self, search: Search, start: Position | None, visible: VisibleNow) -> AsyncIterator[Stretch]:
        """Stretch after stretch, until closed; an empty one at once, and at least every ``HEARTBEAT_S``."""
        at = start.offsets if start else await self._now()
        yield Stretch([], at, at)
        while not self._watch.closed:
            allowed = msgspec.structs.replace(search, visible=await visible())
            try:
                stretch = await self._wait(allowed, at, _PAGE, clock.monotonic_s() + HEARTBEAT_S)
            except (DatabaseUnavailable, DatabaseError) as error:
                journal.get("api").warning("stream waits for the database", error=error)
                await asyncio.sleep(_AGAIN_S)
                stretch = Stretch([], at, at)
            yield stretch._replace(episodes=_still(stretch.episodes, await visible()))
            at = stretch.until

    async def _poll(self, search: Search, start: Position | Since | None, limit: int, deadline_s: float) -> Told:
        if start is None and search.updated_at_gt is not None:
            return await self._since_update(search, search.updated_at_gt, limit, deadline_s)
        anything = msgspec.structs.replace(search, updated_at_gt=None)
        if isinstance(start, Since):
            told = await self._by_update(anything, start, limit)
            if told.episodes or isinstance(told.next, Since):
                return told
            start = told.next
        at = start.offsets if start else await self._now()
        stretch = await self._wait(anything, at, limit, deadline_s)
        return Told(stretch.episodes, Position(offsets=stretch.until))

    async def _since_update(self, search: Search, after_ms: int, limit: int, deadline_s: float) -> Told:
        """Changes updated after ``after_ms``, settled ones only, ties together: for readers who keep one number."""
        anything = msgspec.structs.replace(search, updated_at_gt=None)
        while True:
            until = await self._now()
            found = await self._by_update(anything, Since(after_ms=after_ms, until=until), limit)
            settled = _settled(found, until)
            if settled.episodes or self._is_late(deadline_s):
                return settled
            if found.episodes:
                await self._settling(found.episodes, deadline_s)
            elif not (new := await self._wait(search, until, 1, deadline_s)).episodes:
                return Told([], Position(offsets=new.until))

    async def _by_update(self, search: Search, start: Since, limit: int) -> Told:
        """The next changes by ``updated_at``; behind the last of them readers go on by position."""
        after_ms: int | None = start.after_ms
        while after_ms is not None:
            found, after_ms = await self.shared(self._changes.updated, search, after_ms, start.until, limit)
            if found and after_ms is not None:
                return Told(found, Since(after_ms=after_ms, until=start.until))
            if found:
                break
        return Told(found, Position(offsets=start.until))

    async def _wait(self, search: Search, at: Vector, limit: int, deadline_s: float) -> Stretch:
        """The next stretch with a change in it; an empty one when none comes in time."""
        since = at
        while True:
            stretch = await self._next(search, at, await self._now(), limit)
            if stretch.episodes or self._is_late(deadline_s):
                return stretch._replace(since=stretch.since if stretch.episodes else since)
            at = stretch.until
            await self._watch.beyond(at, deadline_s - clock.monotonic_s())

    async def _next(self, search: Search, at: Vector, until: Vector, limit: int) -> Stretch:
        """The first changes between two positions, looked for in windows that grow while nothing matches."""
        size = 2 * limit
        while is_beyond(until, at):
            window = _window(at, until, size)
            found = await self.shared(self._changes.between, at, window)
            if any(search.may_be_of(one.media) for one in found):
                matching = await self.shared(self._changes.told, search, at, window)
                if matching:
                    return _first(matching, at, window, limit)
            at, size = window, min(4 * size, _MOST_POSITIONS)
        return Stretch([], at, at)

    async def _settling(self, found: list[StoredEpisode], deadline_s: float) -> None:
        wait_s = (min(one.accepted_ms for one in found) + SETTLE_MS - clock.now_ms()) / 1000
        await asyncio.sleep(max(0.01, min(wait_s, deadline_s - clock.monotonic_s())))

    async def _now(self) -> Vector:
        return await self.shared(self._changes.progress)

    def _is_late(self, deadline_s: float) -> bool:
        return self._watch.closed or clock.monotonic_s() >= deadline_s

    async def shared(self, work: Callable[..., Answer], *given: Any) -> Answer:
        """The answer of ``work``, which may block; who asks the same at the same time shares it. ``given`` hashes."""
        key = (work, *given)
        task = self._running.get(key)
        if task is None or task.done():
            task = self._running[key] = asyncio.create_task(self._answer(work, *given))
            task.add_done_callback(lambda _: self._running.pop(key, None))
        answer: Answer = await asyncio.shield(task)
        return answer

    async def _answer(self, work: Callable[..., Answer], *given: Any) -> Answer:
        async with self._room:
            return await run_in_threadpool(work, *given)


async def _while_allowed(work: Coroutine[Any, Any, Answer], visible: VisibleNow) -> Answer:
    """What ``work`` answers; ended where the reader may no longer wait for it."""
    task = asyncio.create_task(work)
    try:
        while not (await asyncio.wait((task,), timeout=HEARTBEAT_S))[0]:
            await visible()
        return task.result()
    finally:
        task.cancel()


def _still(found: list[StoredEpisode], visible: Visible) -> list[StoredEpisode]:
    """Those that may still be shown."""
    return [one for one in found if may_show(visible, one)]


def _window(at: Vector, until: Vector, size: int) -> Vector:
    """As far as ``size`` positions lead from ``at`` towards ``until``, every partition its share."""
    padded = at + (0,) * (len(until) - len(at))
    behind = sum(end > first for first, end in zip(padded, until, strict=False))
    share = max(1, size // max(1, behind))
    near = tuple(max(first, min(first + share, end)) for first, end in zip(padded, until, strict=False))
    return near + padded[len(near) :]


def _first(found: list[StoredEpisode], at: Vector, window: Vector, limit: int) -> Stretch:
    """The ``limit`` taken first, never one before another of its partition; the rest is left for the next stretch."""
    parts: dict[int, list[StoredEpisode]] = {}
    for one in found:
        parts.setdefault(one.src_partition, []).append(one)
    ordered = list(heapq.merge(*parts.values(), key=lambda one: one.accepted_ms))
    end = list(window)
    for left in reversed(ordered[limit:]):
        end[left.src_partition] = left.src_offset
    return Stretch(ordered[:limit], at, tuple(end))


def _settled(found: Told, until: Vector) -> Told:
    """What was taken long enough ago, up to the first that was not: what is still on its way may belong before it."""
    settled_ms = clock.now_ms() - SETTLE_MS
    fresh = [one.updated_ms for one in found.episodes if one.accepted_ms > settled_ms]
    if not fresh:
        return found
    kept = [one for one in found.episodes if one.updated_ms < min(fresh)]
    first_ms = kept[-1].updated_ms if kept else min(one.updated_ms for one in found.episodes) - 1
    return Told(kept, Since(after_ms=first_ms, until=until))
