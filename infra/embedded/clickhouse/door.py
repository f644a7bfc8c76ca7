"""ClickHouse's HTTP surface as an ASGI application."""

import asyncio
import logging
import secrets
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from typing import Any, NamedTuple

from infra.embedded.clickhouse import body, form, framing, request, statement
from infra.embedded.clickhouse.answer import Answer, Header, Send
from infra.embedded.clickhouse.body import Chunks, ClientGone, Receive
from infra.embedded.clickhouse.engine import Engine
from infra.embedded.clickhouse.errors import QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING, EngineError, refusal
from infra.embedded.clickhouse.pipe import Pipe
from infra.embedded.clickhouse.request import Ask
from infra.embedded.clickhouse.sessions import Session, Sessions
from infra.embedded.clickhouse.stream import CutShort, Stream
from infra.embedded.clickhouse.work import Feed, Work, gather

# A statement longer than this is refused by the engine itself (max_query_size), so the head of an insert fits in it.
_HEAD_BYTES = 256 << 10
# Rows up to this size reach the engine in one piece: no hop between the loop and the worker per batch.
_ONE_PIECE_BYTES = 4 << 20

log = logging.getLogger(__name__)


class Call(NamedTuple):
    """One request with what is needed to answer it. ``rows`` is what of the body is not read yet."""

    ask: Ask
    query_id: str
    rows: Chunks
    files: Mapping[str, bytes]
    receive: Receive
    answer: Answer


class Door:
    """The application. ``workers`` statements run at once; more wait in line, pings never do."""

    def __init__(self, engine: Engine, now_s: Callable[[], float], workers: int, display_name: str) -> None:
        self.sessions = Sessions(engine, now_s)
        self._engine = engine
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix="statement")
        self._killer = ThreadPoolExecutor(1, thread_name_prefix="kill")
        self._running: set[str] = set()
        self._display_name = display_name

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        path = scope["path"]
        if path in ("/ping", "/replicas_status"):
            await _plain(send, 200, b"Ok.\n")
        elif path != "/":
            await _plain(send, 404, f"There is no handle {path}\nUse / or /ping for health checks.\n".encode())
        elif scope["method"] == "GET" and b"query=" not in scope["query_string"]:
            await _plain(send, 200, b"Ok.\n")
        else:
            await self._statement(scope, receive, send)

    async def kill_all(self) -> None:
        """Ask every running statement to stop; returns before they have."""
        for query_id in list(self._running):
            await self._kill(query_id)

    def close(self) -> None:
        """Wait for the workers and close all sessions."""
        self._workers.shutdown()
        self._killer.shutdown()
        self.sessions.close_all()

    async def _statement(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        answer = Answer(send, secrets.token_hex(8), [])
        try:
            ask, rows, files = await _understood(scope, receive)
            query_id = ask.query_id or str(uuid.uuid4())
            answer = Answer(send, secrets.token_hex(8), self._headers(ask, query_id))
            with self._registered(query_id):
                await self._answer(Call(ask, query_id, rows, files, receive, answer))
            await answer.finish()
        except EngineError as error:
            await answer.fail(error, self._engine.version)
        except ClientGone:
            log.debug("client left before its request was complete")
        except CutShort as error:
            # Returning without an end makes the server drop the connection: the client must notice.
            log.warning("a result was cut short: %s", error.__cause__)

    def _headers(self, ask: Ask, query_id: str) -> list[Header]:
        timezone = ask.settings.get("session_timezone") or self._engine.timezone
        named = {"query-id": query_id, "timezone": timezone, "server-display-name": self._display_name}
        return [(f"x-clickhouse-{name}".encode(), value.encode("latin-1", "replace")) for name, value in named.items()]

    @contextmanager
    def _registered(self, query_id: str) -> Iterator[None]:
        if query_id in self._running:
            name = "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING"
            raise refusal(QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING, name, f"Query with id = {query_id} is already running")
        self._running.add(query_id)
        try:
            yield
        finally:
            self._running.discard(query_id)

    async def _answer(self, call: Call) -> None:
        head = call.ask.query.encode("utf-8", "surrogateescape")
        head = (head + b"\n" if head.strip() else b"") + b"".join(await gather(call.rows, _HEAD_BYTES))
        if insert := statement.insert(head):
            first = [head[insert.data_start :], *await gather(call.rows, _ONE_PIECE_BYTES)]
            batches = first if sum(map(len, first)) < _ONE_PIECE_BYTES else Feed(first, call.rows)
            await self._whole(call, Work(call.ask, call.query_id, insert, batches=batches, files=call.files))
            return
        query = statement.query(head + b"".join([chunk async for chunk in call.rows]))
        work = Work(call.ask, call.query_id, query, Pipe() if query.reads else None, files=call.files)
        await (self._whole(call, work) if work.pipe is None else self._streamed(call, work, work.pipe))

    async def _whole(self, call: Call, work: Work) -> None:
        """Answer with everything at once: inserts, and statements with small results."""
        async with self._session(work) as session:
            outcome = await self._in_worker(work, session)
        own_format = work.statement.format if isinstance(work.statement, statement.Query) else None
        piece = framing.pack(outcome.body) if call.ask.packed_answer else outcome.body
        call.answer.whole(piece, own_format or call.ask.default_format, "", outcome)

    async def _streamed(self, call: Call, work: Work, pipe: Pipe) -> None:
        own_format = work.statement.format if isinstance(work.statement, statement.Query) else None
        async with self._session(work) as session:
            finished = self._in_worker(work, session)
            stream = Stream(call.ask, pipe, finished, call.answer, own_format or call.ask.default_format)
            watch = asyncio.create_task(self._kill_when_gone(call))
            try:
                await stream.send()
            except BaseException:
                if not finished.done():
                    await self._kill(call.query_id)
                raise
            finally:
                watch.cancel()
                await stream.drain()

    @asynccontextmanager
    async def _session(self, work: Work) -> AsyncIterator[Session]:
        ask = work.ask
        if ask.confined:
            # Without a session, whatever was asked: what a handle has once been told would stay on it.
            with self.sessions.confined() as session:
                yield session
            return
        if not ask.session_id:
            with self.sessions.nameless(keep=work.leaves_no_trace) as session:
                yield session
            return
        with self.sessions.borrow(ask.session_id, ask.session_timeout_s, ask.session_must_exist) as session:
            yield session
        if ask.close_session:
            self.sessions.close(ask.session_id)

    def _in_worker(self, work: Work, session: Session) -> "asyncio.Future[Any]":
        return asyncio.get_running_loop().run_in_executor(self._workers, work.run, session)

    async def _kill_when_gone(self, call: Call) -> None:
        while (await call.receive())["type"] != "http.disconnect":
            pass
        await self._kill(call.query_id)

    def _kill(self, query_id: str) -> Awaitable[None]:
        return asyncio.get_running_loop().run_in_executor(self._killer, self._engine.kill, query_id)


async def _understood(scope: Mapping[str, Any], receive: Receive) -> tuple[Ask, Chunks, Mapping[str, bytes]]:
    """The request, the rest of its body, and the external tables in it."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    method, url = scope["method"], scope["query_string"]
    ask = request.read(method, url, headers)
    chunks = body.decoded(body.received(receive), ask.body_encodings, ask.packed_request)
    mark = form.boundary(headers.get("content-type", ""))
    if not mark:
        return ask, chunks, {}
    parts = form.parse(b"".join([chunk async for chunk in chunks]), mark)
    return request.read(method, url, headers, parts.fields.items()), chunks, parts.files


async def _plain(send: Send, status: int, text: bytes) -> None:
    headers = [(b"content-type", b"text/html; charset=UTF-8"), (b"content-length", str(len(text)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})
