"""The engine in this process, and handles on it.

A handle is one engine connection: it has its own settings, current database and temporary tables, costs about a
millisecond to open and warm, and runs one statement at a time. So every request gets one of its own, fresh or clean;
a session keeps its own.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from infra.embedded.clickhouse.errors import ACCESS_DENIED, from_engine, refusal


class _Result(Protocol):
    def bytes(self) -> bytes: ...
    def elapsed(self) -> float: ...
    def rows_read(self) -> int: ...
    def bytes_read(self) -> int: ...
    def storage_rows_read(self) -> int: ...
    def storage_bytes_read(self) -> int: ...
    def rows_written(self) -> int: ...
    def bytes_written(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a finished statement gave: its result bytes (empty when they went elsewhere) and its counts."""

    body: bytes = b""
    elapsed_s: float = 0.0
    read_rows: int = 0
    read_bytes: int = 0
    written_rows: int = 0
    written_bytes: int = 0
    result_rows: int = 0
    result_bytes: int = 0


class Handle:
    """One engine connection. Not thread-safe: one statement at a time."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def run(
        self, sql: str, output_format: str = "TabSeparated", parameters: Mapping[str, str] | None = None
    ) -> Outcome:
        """Run one statement to its end. Raises EngineError."""
        try:
            result = self._raw.query(_encoded(sql), output_format, params=dict(parameters or {}))
        except RuntimeError as error:
            raise from_engine(error) from None
        return _outcome(result)

    def insert(self, target: str, input_format: str, batches: Iterable[bytes]) -> Outcome:
        """Insert rows from encoded ``batches`` in constant memory. Raises EngineError, or what ``batches`` raises.

        On error the rows of blocks already written stay, as on a server (a block is a million rows by default).
        """
        try:
            stream = self._raw.send_insert(_encoded(target), input_format)
            try:
                for batch in batches:
                    self._raw.insert_append(stream, batch)
                return _outcome(self._raw.insert_done(stream))
            except BaseException:
                self._raw.insert_cancel(stream)
                raise
        except RuntimeError as error:
            raise from_engine(error) from None

    def configure(self, settings: Mapping[str, str | None]) -> None:
        """Set settings on this handle; None puts one back to its default. Raises EngineError."""
        if settings:
            self.run("SET " + ", ".join(f"{name} = {_value(value)}" for name, value in settings.items()))

    def use(self, database: str) -> None:
        """Make ``database`` the current one. Raises EngineError."""
        self.run(f"USE {quote_name(database)}")

    def close(self) -> None:
        """Give the connection back; temporary tables go with it."""
        self._raw.close()


class Engine:
    """The engine on one path. ``settings`` hold for every handle."""

    def __init__(self, path: Path, config: Path | None = None, settings: Mapping[str, str] | None = None) -> None:
        # Importing chdb maps half a gigabyte and starts threads: only the process that opens the engine pays.
        from chdb import _chdb

        self._connect: Callable[[str], Any] = getattr(_chdb, "connect")  # noqa: B009 - its stub does not name it
        every = self.settings = dict(settings or {})
        first = every | ({"config-file": str(config)} if config else {})
        self._address = _address(path, every)
        try:
            self._root = Handle(self._connect(_address(path, first)))
        except RuntimeError as error:
            raise from_engine(error) from None
        self._root_lock = threading.Lock()
        self.version = self._ask("SELECT version()")
        self.timezone = self._ask("SELECT timezone()")

    def open(self) -> Handle:
        """A fresh handle with the defaults."""
        try:
            return Handle(self._connect(self._address))
        except RuntimeError as error:
            raise from_engine(error) from None

    def open_confined(self) -> Handle:
        """A fresh handle without the role ``owner``: it may read the public databases and nothing else.

        Raises EngineError when the configuration knows no such role: then nothing would hold it.
        """
        handle = self.open()
        handle.run("SET ROLE NONE")
        if handle.run("CHECK GRANT INSERT ON *.*").body.strip() != b"0":
            handle.close()
            raise refusal(ACCESS_DENIED, "ACCESS_DENIED", "This engine's configuration has no user 'reader'")
        return handle

    def kill(self, query_id: str) -> None:
        """Stop the statement that runs under this id, if it still runs; returns at once."""
        with self._root_lock:
            self._root.run(f"KILL QUERY WHERE Settings['log_comment'] = {quote(query_id)} ASYNC")

    def close(self) -> None:
        """Close the engine. Every handle must be closed before."""
        with self._root_lock:
            self._root.close()

    def _ask(self, sql: str) -> str:
        return self._root.run(sql).body.decode().strip()


def quote(text: str) -> str:
    """A string literal."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def quote_name(name: str) -> str:
    """An identifier, whatever it holds."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _value(value: str | None) -> str:
    return "DEFAULT" if value is None else quote(value)


def _address(path: Path, options: Mapping[str, str]) -> str:
    query = "&".join(f"{name}={value}" for name, value in options.items())
    return f"{path}?{query}" if query else str(path)


def _encoded(sql: str) -> bytes:
    return sql.encode("utf-8", "surrogateescape")


def _outcome(result: _Result) -> Outcome:
    body = result.bytes()
    return Outcome(
        body=body,
        elapsed_s=result.elapsed(),
        read_rows=result.storage_rows_read(),
        read_bytes=result.storage_bytes_read(),
        written_rows=result.rows_written(),
        written_bytes=result.bytes_written(),
        result_rows=result.rows_read(),
        result_bytes=len(body) or result.bytes_read(),
    )
