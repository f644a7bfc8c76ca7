"""Faust's consumer, held so that it neither skips nor books what was not taken. Tests show what fails without."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from aiokafka.errors import ConsumerStoppedError
from faust.transport.drivers import aiokafka
from faust.types import TP


class CarefulConsumer(aiokafka.Consumer):
    """Commits up to the lowest record that was handed out and is not yet taken, and never beyond."""

    def committed(self, tp: TP) -> int | None:
        """The next offset to be read, as the broker was last known to have it; None: none yet."""
        return self._committed_offset.get(tp)

    def _filter_committable_offsets(self, tps: Iterable[TP]) -> dict[TP, int]:
        """Partition → offset to commit. Faust's own skips a record in flight when a later one is acked (#606)."""
        lowest: dict[TP, int] = {}
        for message in self._unacked_messages:
            if not message.acked:
                lowest[message.tp] = min(message.offset, lowest.get(message.tp, message.offset))
        ready = {tp: self._settle(tp, lowest.get(tp)) for tp in tps}
        return {tp: offset for tp, offset in ready.items() if offset is not None and self._should_commit(tp, offset)}

    def _settle(self, tp: TP, lowest: int | None) -> int | None:
        """The offset after the last record taken below ``lowest``; those below it are forgotten."""
        acked = self._acked[tp]
        done = [offset for offset in acked if lowest is None or offset < lowest]
        if not done:
            return None
        acked[:] = [offset for offset in acked if lowest is not None and offset >= lowest]
        self._acked_index[tp].difference_update(done)
        return max(done) + 1

    async def _commit_offsets(self, offsets: Mapping[TP, int], start_new_transaction: bool = True) -> bool:
        """True when the broker took them. When not, Faust would believe so all the same (#316)."""
        before = {tp: self._committed_offset[tp] for tp in offsets}
        done = await super()._commit_offsets(offsets, start_new_transaction)
        if not done:
            self._committed_offset.update(before)
        return bool(done)

    async def _drain_messages(self, fetcher: Any) -> None:
        """Hand records over until the fetcher stops; a rebalance drops what is in hand, to be sought again.

        Faust's own starts four tasks for every record, a third of what a record costs here, and books a jump in
        offsets as taken, the record behind it included. Here ``stream.py`` judges jumps.
        """
        try:
            while not (self.should_stop or fetcher.should_stop):
                await self.sleep(0)
                await self._hand_over()
        except (asyncio.CancelledError, ConsumerStoppedError):
            if not self.app.should_stop:
                raise

    async def _hand_over(self) -> None:
        """One fetch. Waits only while the buffer is full, which a rebalance ends by clearing it."""
        flow = self.app.flow_control
        async for tp, message in self.getmany(timeout=1.0):
            if not (self.flow_active and flow.is_active()):
                return
            if message.offset >= (self._read_offset[tp] or 0):
                await self.callback(message)
                self._read_offset[tp] = message.offset


class CarefulTransport(aiokafka.Transport):
    """Makes Faust use the careful consumer."""

    Consumer: ClassVar[Any] = CarefulConsumer
