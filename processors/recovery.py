"""States are loaded between a new assignment and the first record. Faust's own tables are not used: decision 0042."""

from collections.abc import Awaitable, Callable
from typing import Any, cast

from faust.tables.manager import TableManager
from faust.tables.recovery import Recovery

Load = Callable[[], Awaitable[None]]


class LoadingRecovery(Recovery):
    """Recovery that awaits ``load`` while the flow of records stands still; a further rebalance cancels it."""

    load: Load | None = None

    async def _resume_streams(self, generation_id: int = 0) -> None:
        if self.load is not None:
            await self._wait(self.load())
        await super()._resume_streams(generation_id)


class LoadingTables(TableManager):
    """The (empty) set of tables of an app, with our recovery."""

    @property
    def recovery(self) -> Recovery:
        """The one recovery of this app."""
        if self._recovery is None:
            self._recovery = LoadingRecovery(self.app, self, beacon=self.beacon, loop=self.loop)
        return self._recovery


def set_load(app: Any, load: Load) -> None:
    """Await ``load`` before every new assignment is read."""
    cast(LoadingRecovery, app.tables.recovery).load = load
