"""One statement, carried out in a worker thread."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from infra.embedded.clickhouse.engine import Handle, Outcome, quote_name
from infra.embedded.clickhouse.errors import BAD_ARGUMENTS, READONLY, SYNTAX_ERROR, EngineError, refusal
from infra.embedded.clickhouse.pipe import Pipe
from infra.embedded.clickhouse.request import Ask
from infra.embedded.clickhouse.sessions import Session
from infra.embedded.clickhouse.statement import Insert, Query

_CHANGES_SESSION = frozenset({"SET", "USE"})
_HARMLESS = frozenset({"SHOW", "DESCRIBE", "DESC", "EXPLAIN", "EXISTS", "CHECK", "USE", "VALUES"})
# A handle cannot leave readonly mode, and the other two set more than themselves.
_STICKY = frozenset({"readonly", "profile", "compatibility"})
_BATCH_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker needs. A read goes into ``pipe``; an insert takes its rows from ``batches``."""

    ask: Ask
    query_id: str
    statement: Query | Insert
    pipe: Pipe | None = None
    batches: Iterable[bytes] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def leaves_no_trace(self) -> bool:
        """True when the handle may serve the next request: nothing stays on it that ``lay`` would not take off."""
        if self.files or _STICKY & self.ask.settings.keys():
            return False
        return not self.ask.parameters if isinstance(self.statement, Insert) else self.statement.reads

    def run(self, session: Session) -> Outcome:
        """Carry it out on this session. Raises EngineError."""
        try:
            return self._prepared(session)
        finally:
            if self.pipe is not None:
                self.pipe.close_writer()

    def _prepared(self, session: Session) -> Outcome:
        statement = self.statement
        if isinstance(statement, Query) and statement.verb in _CHANGES_SESSION and not self.ask.confined:
            return self._change(session, statement)
        session.lay(self._settings(statement), self.ask.database)
        handle = session.handle
        for name, rows in self.files.items():
            self._external_table(handle, name, rows)
        try:
            return self._insert(handle, statement) if isinstance(statement, Insert) else self._query(handle, statement)
        finally:
            for name in self.files:
                handle.run(f"DROP TEMPORARY TABLE IF EXISTS {quote_name(name)}")

    def _change(self, session: Session, statement: Query) -> Outcome:
        """SET and USE work on the session itself, so nothing of this request may lie over it."""
        session.lay({}, "")
        outcome = session.handle.run(statement.sql, parameters=self.ask.parameters)
        session.learn()
        return outcome

    def _settings(self, statement: Query | Insert) -> dict[str, str]:
        """The request's settings, and its id where KILL QUERY can find it."""
        settings = {**self.ask.settings, "log_comment": self.query_id}
        if self.ask.confined:
            return self._confined(settings, statement)
        if self._bound_to_read():
            settings.pop("readonly")
            if isinstance(statement, Insert) or not (statement.reads or statement.verb in _HARMLESS):
                raise refusal(READONLY, "READONLY", "Cannot execute query in readonly mode")
        return settings

    def _confined(self, settings: dict[str, str], statement: Query | Insert) -> dict[str, str]:
        """The engine holds the rest; but laying on roles again is no write to it, so only reads get there."""
        if isinstance(statement, Insert) or not (statement.reads or statement.verb in _HARMLESS):
            raise refusal(READONLY, "READONLY", "Cannot execute query in readonly mode")
        return settings | {"readonly": "1"}

    def _bound_to_read(self) -> bool:
        """True when we must judge by the verb: a handle never leaves readonly mode, and a session outlives this."""
        return bool(self.ask.session_id and self.ask.readonly)

    def _query(self, handle: Handle, statement: Query) -> Outcome:
        default_format, parameters = self.ask.default_format, self.ask.parameters
        if self.pipe is None:
            return handle.run(statement.sql, default_format, parameters)
        into = statement.into(self.pipe.path, default_format, self.ask.encoding or "none")
        try:
            return handle.run(into, default_format, parameters)
        except EngineError as error:
            if error.code != SYNTAX_ERROR or self._bound_to_read() or self.ask.confined:
                raise
        # Its own syntax error would quote our OUTFILE clause; and what takes no such clause may still be right.
        return handle.run(statement.sql, default_format, parameters)

    def _insert(self, handle: Handle, statement: Insert) -> Outcome:
        if self.ask.parameters:
            handle.configure({f"param_{name}": value for name, value in self.ask.parameters.items()})
        return handle.insert(statement.target, statement.format, self.batches)

    def _external_table(self, handle: Handle, name: str, rows: bytes) -> None:
        shape = self.ask.tables.get(name)
        if shape is None:
            raise refusal(BAD_ARGUMENTS, "BAD_ARGUMENTS", f"Table {name!r} needs {name}_structure or {name}_types")
        types = shape.get("types", "").split(",")
        columns = shape.get("structure") or ", ".join(f"_{at} {one}" for at, one in enumerate(types, 1))
        handle.run(f"CREATE TEMPORARY TABLE {quote_name(name)} ({columns})")
        handle.insert(f"INSERT INTO {quote_name(name)}", shape.get("format", "TabSeparated"), [rows])


class Feed:
    """Rows that are still arriving, for a worker thread; it fetches about a megabyte at a time from the loop."""

    def __init__(self, first: list[bytes], chunks: AsyncIterator[bytes]) -> None:
        self._first = first
        self._chunks = chunks
        self._loop = asyncio.get_running_loop()

    def __iter__(self) -> Iterator[bytes]:
        yield from self._first
        while batch := asyncio.run_coroutine_threadsafe(self._next(), self._loop).result():
            yield from batch

    async def _next(self) -> list[bytes]:
        return await gather(self._chunks, _BATCH_BYTES)


async def gather(chunks: AsyncIterator[bytes], enough_bytes: int) -> list[bytes]:
    """The next ``enough_bytes`` or a little more, uncopied; less only at the end."""
    held: list[bytes] = []
    size = 0
    while size < enough_bytes and (chunk := await anext(chunks, b"")):
        held.append(chunk)
        size += len(chunk)
    return held
