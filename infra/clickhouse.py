"""ClickHouse over HTTP, one client per thread (a shared one serialises its callers; see findings)."""

import threading
from collections.abc import Sequence
from typing import Any, Literal
from urllib.parse import urlsplit

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError
from clickhouse_connect.driver.exceptions import DatabaseError as _EngineRefused

from infra.settings import Settings


class DatabaseUnavailable(Exception):
    """The engine cannot be reached, or is too busy to answer: try again later."""


class DatabaseError(Exception):
    """The engine refused the statement. ``code`` is ClickHouse's error code, 0 when it gave none."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


_BUSY = frozenset({3, 159, 202, 209, 210, 241, 242, 252, 425, 999})
"""Codes that pass by themselves: UNEXPECTED_END_OF_FILE, TIMEOUT_EXCEEDED, TOO_MANY_SIMULTANEOUS_QUERIES,
SOCKET_TIMEOUT, NETWORK_ERROR, MEMORY_LIMIT_EXCEEDED, TABLE_IS_READ_ONLY, TOO_MANY_PARTS, SYSTEM_ERROR, KEEPER."""


class Database:
    """One ClickHouse database, thread-safe. Raises DatabaseUnavailable or DatabaseError, nothing else of its own."""

    def __init__(self, settings: Settings, database: str | None = None, timeout_s: float = 60.0) -> None:
        self._dsn = settings.clickhouse
        self._address = urlsplit(settings.clickhouse).netloc.rpartition("@")[2]
        self._database = database
        self._timeout_s = timeout_s
        self._local = threading.local()

    def rows(self, sql: str, parameters: dict[str, Any] | None = None, **settings: Any) -> list[dict[str, Any]]:
        """The answer as dicts, in order; times come back as aware UTC datetimes."""
        found: list[dict[str, Any]] = self._call(
            lambda client: list(client.query(sql, parameters, settings).named_results())
        )
        return found

    def array(self, sql: str, parameters: dict[str, Any] | None = None, **settings: Any) -> Any:
        """The answer as one numpy array: of records by column; of one kind of number, rows by columns; empty: 1-d."""
        return self._call(lambda client: client.query(sql, parameters, settings, use_numpy=True).np_result)

    def one(self, sql: str, parameters: dict[str, Any] | None = None) -> dict[str, Any] | None:
        """The first row, or None."""
        found = self.rows(sql, parameters)
        return found[0] if found else None

    def value(self, sql: str, parameters: dict[str, Any] | None = None) -> Any:
        """The first column of the first row, or None."""
        row = self.one(sql, parameters)
        return next(iter(row.values())) if row else None

    def command(self, sql: str, parameters: dict[str, Any] | None = None, **settings: Any) -> None:
        """Run a statement that answers nothing (DDL, INSERT … SELECT)."""
        self._call(lambda client: client.command(sql, parameters, settings=settings))

    def insert_json(
        self,
        table: str,
        lines: bytes,
        columns: Sequence[str] | None = None,
        *,
        shape: Literal["JSONEachRow", "JSONCompactEachRow"] = "JSONEachRow",
        **settings: Any,
    ) -> None:
        """Insert JSON lines, objects or (``shape``) arrays, in one request; returns once the engine has them."""
        self._call(lambda client: client.raw_insert(table, columns, lines, settings, fmt=shape))

    def ping(self) -> bool:
        """True when the engine answers a query."""
        try:
            return bool(self.value("SELECT 1") == 1)
        except (DatabaseUnavailable, DatabaseError):
            return False

    def close(self) -> None:
        """Close this thread's connection."""
        if client := getattr(self._local, "client", None):
            client.close()
            self._local.client = None

    def _call(self, work: Any) -> Any:
        try:
            return work(self._client())
        except _EngineRefused as error:
            if error.code is None:  # the driver's word for "no answer": the engine always gives a code
                raise self._gone(error) from None
            if error.code in _BUSY:
                raise DatabaseUnavailable(_first_line(error)) from None
            raise DatabaseError(_first_line(error), error.code) from None
        except (ClickHouseError, OSError) as error:
            raise self._gone(error) from None

    def _gone(self, error: Exception) -> DatabaseUnavailable:
        """What to raise; the connection is dropped, a broken one is not worth keeping."""
        self._local.client = None
        return DatabaseUnavailable(f"{self._address}: {type(error).__name__}: {_first_line(error)}")

    def _client(self) -> Client:
        client: Client | None = getattr(self._local, "client", None)
        if client is None:
            client = clickhouse_connect.get_client(
                dsn=self._dsn, database=self._database, autogenerate_session_id=False, compress="lz4",
                connect_timeout=5, send_receive_timeout=int(self._timeout_s), query_retries=0, tz_mode="aware",
            )  # fmt: skip
            self._local.client = client
        return client


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:2000]
