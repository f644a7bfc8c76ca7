"""A result on its way from the engine's pipe to the client."""

import tempfile
from collections.abc import Awaitable
from contextlib import suppress
from typing import IO

from infra.embedded.clickhouse import framing
from infra.embedded.clickhouse.answer import Answer, summary
from infra.embedded.clickhouse.engine import Outcome
from infra.embedded.clickhouse.errors import EngineError
from infra.embedded.clickhouse.pipe import BLOCK_BYTES, Pipe
from infra.embedded.clickhouse.request import Ask

_SPOOL_BYTES = 8 << 20


class CutShort(Exception):
    """The statement failed after its answer had begun: the connection must end without a proper end."""


class Stream:
    """One streamed answer. ``finished`` is the statement in its worker."""

    def __init__(self, ask: Ask, pipe: Pipe, finished: Awaitable[Outcome], answer: Answer, format_name: str) -> None:
        self._ask = ask
        self._pipe = pipe
        self._finished = finished
        self._answer = answer
        self._format = format_name

    async def send(self) -> None:
        """Send everything but the end of the body, which waits until the session is free again.

        Raises EngineError while the status is still open, CutShort afterwards.
        """
        with tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES) as spool:
            limit = None if self._ask.waits_for_end else BLOCK_BYTES
            held = 0
            while limit is None or held < limit:
                piece = await self._pipe.read()
                if not piece:
                    break
                held += spool.write(piece)
            else:
                await self._send_on(spool)
                return
            outcome = await self._finished
            if held <= BLOCK_BYTES:
                spool.seek(0)
                # Nothing in the pipe: the statement gave its result itself, and nobody compressed it.
                piece = self._wrapped(spool.read() or outcome.body)
                self._answer.whole(piece, self._format, self._ask.encoding if held else "", outcome)
            else:
                await self._answer.start(self._format, self._ask.encoding, (summary(outcome),))
                await self._send_pieces(spool)

    async def drain(self) -> None:
        """Let the engine write into the void until it stops, so that its thread comes free; then close the pipe."""
        while await self._pipe.read():
            pass
        with suppress(EngineError):
            # Whatever the statement ended with, this request is answered or its client is gone.
            await self._finished
        self._pipe.close()

    async def _send_on(self, held: IO[bytes]) -> None:
        await self._answer.start(self._format, self._ask.encoding)
        await self._send_pieces(held)
        while piece := await self._pipe.read():
            await self._answer.body(self._wrapped(piece))
        try:
            await self._finished
        except EngineError as error:
            if not (self._ask.encoding or self._ask.packed_answer):
                await self._answer.body(self._answer.late(error))
            raise CutShort from error

    async def _send_pieces(self, spool: IO[bytes]) -> None:
        spool.seek(0)
        while piece := spool.read(BLOCK_BYTES):
            await self._answer.body(self._wrapped(piece))

    def _wrapped(self, piece: bytes) -> bytes:
        return framing.pack(piece) if self._ask.packed_answer else piece
