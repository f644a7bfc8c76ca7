"""Where statements are understood, judged and run: how many at once, for how long, and what becomes of the answer."""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from functools import cached_property
from uuid import uuid4

import msgspec

from api.errors import Problem
from api.sql import allowed, bound, failures, limits, printed, shapes, tree
from api.sql.asked import Asked
from api.sql.refusal import Refused
from api.sql.spool import Spool
from infra.clickhouse import DatabaseError
from infra.reader import CutShort, Reader, escaped
from infra.settings import Settings

BEGIN_BYTES = 1 << 20
"""An answer begins when it is whole or so long; what goes wrong before is a proper problem."""
_GRACE_S = 0.5
"""The engine ends what is too slow by itself; this much later it is left to itself."""
_LOOK_S = 0.2
_OPEN_PER_PLACE = 4
"""Answers that wait for slow readers hold files; so many times more than queries that run."""
_PRINT = """
SELECT formatQuery({sql:String}) AS printed,
  (SELECT groupArray(name) FROM system.tables WHERE database = currentDatabase()) AS tables
"""


class _Understood(msgspec.Struct):
    printed: str
    tables: list[str]


class Answer:
    """One statement on its way: a task fills a file from the engine, the response reads the file."""

    def __init__(self, desk: "Desk", asked: Asked) -> None:
        self._desk, self._asked = desk, asked
        self._task: asyncio.Task[None] | None = None
        self._name = f"sql-{uuid4()}"
        self._in_place = True
        self.spool = Spool()
        desk.open += 1
        desk.running += 1

    def start(self, statement: str, parameters: dict[str, str], held: dict[str, str], deadline: float) -> None:
        """Begin to run it; it ends at ``deadline`` of the loop's clock at the latest."""
        self._task = asyncio.create_task(self._run(statement, parameters, held, deadline))

    async def close(self) -> None:
        """End it, whether it is done or not; the engine stops when it is not."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self.spool.close()
        self._desk.open -= 1
        if self._in_place:
            self._desk.keep(asyncio.create_task(self._leave_when_stopped()))

    async def _run(self, statement: str, parameters: dict[str, str], held: dict[str, str], deadline: float) -> None:
        try:
            async with asyncio.timeout_at(deadline):
                await self._fill(statement, parameters, held)
            self._leave()
        except Exception as error:  # noqa: BLE001 - raised where the answer is read; nobody may wait for ever
            self.spool.end(error)
        else:
            self.spool.end()

    async def _fill(self, statement: str, parameters: dict[str, str], held: dict[str, str]) -> None:
        given, shape = self._desk.settings, self._asked.shape
        dressing = shapes.dressing(shape, given.sql_rows, given.sql_bytes)
        limited = held | {"limit": str(shapes.rows_asked(shape, given.sql_rows))}
        async with self._desk.reader.answer(
            statement, shapes.FORMATS[shape].engine, parameters, limited, self._name
        ) as pieces:
            async for piece in pieces:
                if data := dressing.piece(piece):
                    self.spool.write(data)
                if dressing.full:
                    break
        self.spool.write(dressing.end())

    async def _leave_when_stopped(self) -> None:
        """An engine asked to stop may take its time: its place is not another's before it has."""
        while self._task is not None and await self._desk.reader.runs(self._name):  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(_LOOK_S)
        self._leave()

    def _leave(self) -> None:
        self._desk.running -= 1
        self._in_place = False


class Desk:
    """Takes statements of callers. One per API process; used from its event loop."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.running = 0
        self.open = 0
        self._functions: frozenset[str] = frozenset()
        self._leaving: set[asyncio.Task[None]] = set()

    @cached_property
    def reader(self) -> Reader:
        """The way to the engine."""
        return Reader(self.settings)

    def keep(self, task: asyncio.Task[None]) -> None:
        """Hold a task until it is done; the loop itself forgets tasks that nobody holds."""
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def ask(self, asked: Asked, media: Collection[str] | None) -> Answer:
        """The answer to a statement, begun; close it when done. ``media``: the cameras that the caller may see.

        Raises Problem, and DatabaseUnavailable.
        """
        places = self.settings.sql_concurrency
        if self.running >= places or self.open >= places * _OPEN_PER_PLACE:
            raise failures.busy()
        try:
            return await self._begun(asked, media)
        except Refused as error:
            raise Problem(403, "sql-not-allowed", str(error)) from None
        except TimeoutError:
            raise failures.too_slow(self.settings.sql_seconds) from None
        except shapes.TooLarge:
            raise failures.too_large(self.settings.sql_bytes) from None
        except DatabaseError as error:
            raise failures.problem(error, self.settings.sql_seconds, self.settings.sql_memory_bytes) from None
        except CutShort:
            raise Problem(502, "database-refused", "the database broke its answer off; try again") from None

    async def _begun(self, asked: Asked, media: Collection[str] | None) -> Answer:
        deadline = asyncio.get_running_loop().time() + self.settings.sql_seconds + _GRACE_S
        held = limits.of(self.settings, media)
        answer = Answer(self, asked)
        try:
            async with asyncio.timeout_at(deadline):
                statement, parameters = await self._understood(asked, held, media is None)
            answer.start(statement, parameters, held, deadline)
            await answer.spool.begun(BEGIN_BYTES)
        except BaseException:
            await answer.close()
            raise
        return answer

    async def _understood(self, asked: Asked, held: dict[str, str], unlimited: bool) -> tuple[str, dict[str, str]]:
        """The statement as the engine prints it, and its parameters; it passed every check. Never the caller's text."""
        text = await self.reader.answered(_PRINT, "JSONEachRow", {"sql": escaped(asked.sql)}, held)
        said = msgspec.json.decode(text, type=_Understood)
        parameters = bound.values(printed.check(said.printed), asked.parameters)
        dump = await self.reader.answered(f"EXPLAIN AST {said.printed}", "TabSeparatedRaw", parameters, held)
        hidden = frozenset(said.tables) - allowed.tables(unlimited)
        tree.check(tree.parse(dump.decode()), tree.Known(hidden, await self._names_of_functions()), unlimited)
        return said.printed, parameters

    async def _names_of_functions(self) -> frozenset[str]:
        if not self._functions:
            text = await self.reader.answered("SELECT lower(name) FROM system.functions", "TabSeparatedRaw", {}, {})
            self._functions = frozenset(text.decode().split())
        return self._functions
