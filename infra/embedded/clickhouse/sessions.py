"""Named handles that outlive a request: ``SET``, ``USE`` and temporary tables survive inside one.

Settings and the database in a URL hold for that request alone, also inside a session. They are laid over the
session's own and taken off before the next request that does not repeat them.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from infra.embedded.clickhouse.engine import Engine, Handle
from infra.embedded.clickhouse.errors import (
    SESSION_IS_LOCKED,
    SESSION_NOT_FOUND,
    TOO_MANY_SIMULTANEOUS_QUERIES,
    refusal,
)

MOST_SESSIONS = 1000
# A fresh handle costs about a millisecond more than a used one.
MOST_SPARE = 16


class Session:
    """One handle, opened when first used, with what was laid over it. A request without a name gets one of its own."""

    def __init__(self, engine: Engine, confined: bool = False) -> None:
        self._engine = engine
        self._confined = confined
        self._handle: Handle | None = None
        self.busy = False
        self.expires_s = 0.0
        self._own = dict(engine.settings)
        self._own_database = "default"
        self._laid: set[str] = set()
        self._database = "default"

    @property
    def handle(self) -> Handle:
        """The engine connection. Raises EngineError when the engine gives none."""
        if self._handle is None:
            self._handle = self._engine.open_confined() if self._confined else self._engine.open()
        return self._handle

    def close(self) -> None:
        """Give the connection back, with its temporary tables."""
        if self._handle is not None:
            self._handle.close()
            self._handle = None

    def lay(self, settings: Mapping[str, str], database: str) -> None:
        """Put a request's settings and database over the session's own. Raises EngineError."""
        wanted: dict[str, str | None] = {name: self._own.get(name) for name in self._laid - settings.keys()}
        self._laid |= settings.keys()
        self.handle.configure({**wanted, **settings})
        self._laid = set(settings)
        target = database or self._own_database
        if target != self._database:
            self.handle.use(target)
            self._database = target

    def learn(self) -> None:
        """Remember the session's own settings and database, after a statement that may have changed them."""
        changed = self.handle.run("SELECT name, value FROM system.settings WHERE changed", "TabSeparatedRaw")
        rows = (line.split("\t", 1) for line in changed.body.decode().splitlines() if "\t" in line)
        self._own = {name: value for name, value in rows if name not in self._laid and name != "database"}
        self._own_database = self._database = self.handle.run("SELECT currentDatabase()").body.decode().rstrip("\n")


class Sessions:
    """All sessions by name. Used from the event loop only; a session's handle runs in worker threads."""

    def __init__(self, engine: Engine, now_s: Callable[[], float]) -> None:
        self._engine = engine
        self._now_s = now_s
        self._by_name: dict[str, Session] = {}
        self._spare: list[Session] = []

    def __len__(self) -> int:
        return len(self._by_name)

    @contextmanager
    def borrow(self, name: str, timeout_s: int, must_exist: bool = False) -> Iterator[Session]:
        """The session of this name, locked meanwhile; made when new. Raises EngineError when busy or missing."""
        session = self._by_name.get(name)
        if session is None:
            session = self._make(name, must_exist)
        if session.busy:
            raise refusal(SESSION_IS_LOCKED, "SESSION_IS_LOCKED", f"Session {name} is locked by a concurrent client")
        session.busy = True
        try:
            yield session
        finally:
            session.busy = False
            session.expires_s = self._now_s() + timeout_s

    @contextmanager
    def nameless(self, keep: bool) -> Iterator[Session]:
        """A session for one request. ``keep``: it will be clean afterwards, so another request may have it then."""
        session = self._spare.pop() if self._spare else Session(self._engine)
        try:
            yield session
        except BaseException:
            session.close()
            raise
        if keep and len(self._spare) < MOST_SPARE:
            self._spare.append(session)
        else:
            session.close()

    @contextmanager
    def confined(self) -> Iterator[Session]:
        """A session for one request that may only read the public databases; never handed to another."""
        session = Session(self._engine, confined=True)
        try:
            yield session
        finally:
            session.close()

    def close(self, name: str) -> None:
        """Forget this session and its temporary tables."""
        session = self._by_name.pop(name, None)
        if session:
            session.close()

    def sweep(self) -> None:
        """Close the sessions whose time is over."""
        now_s = self._now_s()
        for name in [name for name, one in self._by_name.items() if not one.busy and one.expires_s <= now_s]:
            self.close(name)

    def close_all(self) -> None:
        """Close every session; nothing may be running in them."""
        for name in list(self._by_name):
            self.close(name)
        while self._spare:
            self._spare.pop().close()

    def _make(self, name: str, must_exist: bool) -> Session:
        if must_exist:
            raise refusal(SESSION_NOT_FOUND, "SESSION_NOT_FOUND", f"Session {name} not found or expired")
        if len(self._by_name) >= MOST_SESSIONS:
            self.sweep()
        if len(self._by_name) >= MOST_SESSIONS:
            raise refusal(TOO_MANY_SIMULTANEOUS_QUERIES, "TOO_MANY_SIMULTANEOUS_QUERIES", "Too many open sessions")
        session = self._by_name[name] = Session(self._engine)
        return session
