"""The process that owns the engine: arguments, the lock on the folder, the server, a clean stop."""

import argparse
import asyncio
import ctypes
import logging
import os
import platform
import signal
import socket
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import uvicorn
import uvloop

from infra import clock, lock
from infra.embedded.clickhouse import config
from infra.embedded.clickhouse.door import Door
from infra.embedded.clickhouse.engine import Engine
from infra.embedded.clickhouse.errors import EngineError

OK, FAILED, OWNED = 0, 1, 2
_STOP_S = 5
_WORKERS = 32
_BACKLOG = 1024
_SWEEP_S = 5.0


# mallopt's names for: allocate larger than this from the system; give free memory above this back.
_MMAP_THRESHOLD, _TRIM_THRESHOLD = -3, -1
_KEPT_BYTES = 32 << 20


class CannotStart(Exception):
    """One line that says why, and the exit code."""

    def __init__(self, code: int, line: str) -> None:
        super().__init__(line)
        self.code = code


def main(argv: Sequence[str]) -> int:
    """Serve until SIGTERM or SIGINT. 0: stopped cleanly; 1: could not start; 2: another process owns the folder."""
    options = _arguments(argv)
    logging.basicConfig(level=logging.WARNING, format="clickhouse door: %(message)s")
    # An answer cut short is told once, by us, with its reason.
    logging.getLogger("uvicorn.error").addFilter(lambda record: "without completing" not in record.getMessage())
    _reuse_memory()
    try:
        folder = _folder(options.path)
        with _owned(folder), _listening(options.host, options.port) as listener:
            engine = _opened(folder, options)
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(_serve(engine, listener))
            return OK
    except CannotStart as error:
        sys.stderr.write(f"{error}\n")
        return error.code


def _reuse_memory() -> None:
    """Keep freed megabytes for the next request body: fresh pages cost more than the copy into them."""
    with suppress(AttributeError, OSError):
        # Only glibc has this knob; elsewhere bodies are merely a little slower.
        libc = ctypes.CDLL(None)
        libc.mallopt(_MMAP_THRESHOLD, _KEPT_BYTES)
        libc.mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m infra.embedded.clickhouse",
        description="The ClickHouse engine behind ClickHouse's HTTP protocol.",
        epilog="Then: curl 'http://127.0.0.1:8123/?query=SELECT+1'",
    )
    parser.add_argument("--path", type=Path, required=True, help="folder of the database; one process at a time")
    parser.add_argument("--port", type=int, required=True, help="HTTP port; 0 picks a free one")
    parser.add_argument("--host", default="127.0.0.1", help="address; there are no passwords, so keep it local")
    parser.add_argument("--memory-bytes", type=int, default=1 << 30, help="most memory the engine may take")
    parser.add_argument("--config", type=Path, help="engine configuration (XML) instead of the built-in one")
    parser.add_argument(
        "--public", action="append", default=[], metavar="DATABASE",
        help="database that the user 'reader' may read; may be given again",
    )  # fmt: skip
    return parser.parse_args(argv)


def _folder(path: Path) -> Path:
    folder = path.expanduser().absolute()
    if "?" in str(folder) or "&" in str(folder):
        raise CannotStart(FAILED, f"{folder}: the engine takes no path with ? or & in it; choose another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart(FAILED, f"{folder} cannot be made: {error.strerror}; choose another --path") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CannotStart(FAILED, f"{folder} cannot be written by this user; choose another --path")
    return folder


@contextmanager
def _owned(folder: Path) -> Generator[None]:
    """Hold the folder's lock; the kernel gives it back however this process ends."""
    with lock.hold(folder) as taken:
        if not taken:
            owner = lock.holder(folder) or "unknown"
            line = f"{folder} is owned by another process (pid {owner}); stop it or choose another --path"
            raise CannotStart(OWNED, line)
        yield


@contextmanager
def _listening(host: str, port: int) -> Generator[socket.socket]:
    """A bound socket that does not listen yet: a taken port is found before the engine starts."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named TCP: only then does the event loop turn Nagle's delay (40 ms a query) off.
    with socket.socket(family, proto=socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CannotStart(FAILED, f"cannot listen on {host}:{port}: {error}; choose another --port") from None
        yield listener


def _opened(folder: Path, options: argparse.Namespace) -> Engine:
    given: Path | None = options.config
    if given is not None and not given.is_file():
        raise CannotStart(FAILED, f"--config names {given}, which is not a file")
    own = folder / "engine.xml"
    if given is None:
        config.write(own, options.memory_bytes, options.public)
    try:
        return Engine(folder, given or own, config.settings(options.memory_bytes))
    except EngineError as error:
        first_line = str(error).splitlines()[0]
        raise CannotStart(FAILED, f"the engine cannot open {folder}: {first_line}") from None


class _Server(uvicorn.Server):
    """uvicorn that leaves the signals to us: it would re-raise them and end the process before the engine is closed."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Take no signal."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        for one in sockets or ():
            host, port = one.getsockname()[:2]
            sys.stdout.write(f"ready: http://{host}:{port}\n")
        sys.stdout.flush()


async def _serve(engine: Engine, listener: socket.socket) -> None:
    door = Door(engine, clock.monotonic_s, _WORKERS, platform.node())
    settings = uvicorn.Config(
        door, lifespan="off", access_log=False, log_config=None, timeout_graceful_shutdown=_STOP_S,
        backlog=_BACKLOG, server_header=False, timeout_keep_alive=30,
    )  # fmt: skip
    server = _Server(settings)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lambda: setattr(server, "should_exit", True))
    chores = asyncio.create_task(_sweep(door))
    await server.serve(sockets=[listener])
    chores.cancel()
    await door.kill_all()
    await asyncio.to_thread(door.close)
    engine.close()


async def _sweep(door: Door) -> None:
    """Close sessions whose time is over, for ever."""
    while True:
        await asyncio.sleep(_SWEEP_S)
        door.sessions.sweep()
