"""A poller for every configured node, each a task of its own: none waits for another."""

import asyncio
from collections.abc import Mapping

from infra import journal
from infra.log import FactLog
from producers.episodes import node
from producers.episodes.metrics import Metrics
from producers.episodes.poller import Poller
from schemas.facts import SourceConfigured, SourcePolled, SourceRemoved

_log = journal.get("intake")


class Readers:
    """The pollers that run now, by source. For one event loop."""

    def __init__(self, log: FactLog, metrics: Metrics, reached: Mapping[str, SourcePolled]) -> None:
        """``reached``: how far each node had been read when we began."""
        self._facts, self._metrics = log, metrics
        self._last = dict(reached)
        self._http = node.client()
        self._running: dict[str, tuple[Poller, asyncio.Task[None]]] = {}

    async def apply(self, fact: SourceConfigured | SourceRemoved) -> None:
        """Read the node as it is configured now, on from where it was read last; or no more."""
        await self._stop(fact.source)
        if isinstance(fact, SourceRemoved):
            _log.info("reads a node no more", source=fact.source)
            return
        _log.info("reads a node", source=fact.source, address=node.address(fact.url))
        poller = Poller(fact, self._last.get(fact.source), self._http, self._facts, self._metrics)
        self._running[fact.source] = poller, asyncio.create_task(poller.run())

    def raise_bugs(self) -> None:
        """Raises what ended a poller: they end by our bugs alone, and then the whole process must begin anew."""
        for _, task in self._running.values():
            if task.done():
                task.result()

    async def close(self) -> None:
        """Stop every poller at once."""
        for source in list(self._running):
            await self._stop(source)
        await self._http.aclose()

    async def _stop(self, source: str) -> None:
        """Returns once nobody reads the node any more."""
        if source not in self._running:
            return
        poller, task = self._running.pop(source)
        task.cancel()
        await asyncio.wait([task])
        if poller.told:
            self._last[source] = poller.told
