"""A process of our own that takes messages on its standard input and answers on its standard output."""

import os
import selectors
import signal
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from infra.settings import child_environment

_SIZE_BYTES = 4
_MOST_BYTES = 256 << 20
_READ_BYTES = 1 << 18
_TICKS = os.sysconf("SC_CLK_TCK")


class BadMessage(ValueError):
    """What came is no message: the two sides do not speak the same language."""


def framed(message: bytes) -> bytes:
    """The message with its size before it."""
    return len(message).to_bytes(_SIZE_BYTES, "big") + message


def messages(source: BinaryIO) -> Iterator[bytes]:
    """Every message that comes, until the other side ends. Blocks meanwhile."""
    while len(head := source.read(_SIZE_BYTES)) == _SIZE_BYTES:
        size = _size(head)
        message = source.read(size)
        if len(message) < size:
            return
        yield message


class Piped:
    """Such a process, seen from the one that started it. Nothing here blocks, however silent the process is.

    Its standard error is ours. It is not in our session, so Ctrl-C does not reach it; its input ends when we do.
    """

    def __init__(self, words: Sequence[str], environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, start_new_session=True,
            env=child_environment(environment),
        )  # fmt: skip
        assert self._process.stdin
        assert self._process.stdout
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        for end in (self._to, self._from):
            os.set_blocking(end, False)
        self._out, self._in = bytearray(), bytearray()
        self.pid = self._process.pid
        self.ended_with: int | None = None
        """What it ended with; negative: the signal that ended it. None: it runs."""

    def send(self, message: bytes) -> None:
        """Give it a message; what it does not take now goes with ``turn``. One that has ended takes nothing."""
        if self.ended_with is None:
            self._out += framed(message)
            self._write()

    def received(self) -> Iterator[bytes]:
        """The messages that have come. Raises BadMessage."""
        while len(self._in) >= _SIZE_BYTES:
            end = _SIZE_BYTES + _size(self._in[:_SIZE_BYTES])
            if len(self._in) < end:
                return
            message = bytes(self._in[_SIZE_BYTES:end])
            del self._in[:end]
            yield message

    def cpu_s(self) -> float:
        """Processor time that it has used; 0 once it is gone."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def kill(self) -> None:
        """End it now, if it runs, and let go of it."""
        self._process.kill()
        self.ended_with = self._process.wait()
        for end in (self._process.stdin, self._process.stdout):
            assert end
            end.close()

    def _write(self) -> None:
        try:
            del self._out[: os.write(self._to, self._out)]
        except BlockingIOError:
            pass
        except BrokenPipeError:  # it has ended: reading will tell
            self._out.clear()

    def _read(self) -> None:
        try:
            data = os.read(self._from, _READ_BYTES)
        except BlockingIOError:
            return
        if data:
            self._in += data
        elif self.ended_with is None:
            self.kill()


def turn(children: Iterable[Piped], timeout_s: float) -> None:
    """Wait until one of these processes says something or ends, or for so long; take what they say, give what waits."""
    with selectors.DefaultSelector() as selector:
        for child in children:
            if child.ended_with is None:
                selector.register(child._from, selectors.EVENT_READ, child._read)
                if child._out:
                    selector.register(child._to, selectors.EVENT_WRITE, child._write)
        for key, _ in selector.select(timeout_s):
            key.data()


def name_of(ended_with: int) -> str:
    """How a process ended, for people: ``exit 3``, ``SIGSEGV``."""
    if ended_with >= 0:
        return f"exit {ended_with}"
    try:
        return signal.Signals(-ended_with).name
    except ValueError:
        return f"signal {-ended_with}"


def _size(head: bytes | bytearray) -> int:
    size = int.from_bytes(head, "big")
    if size > _MOST_BYTES:
        raise BadMessage(f"a message of {size} bytes")
    return size
