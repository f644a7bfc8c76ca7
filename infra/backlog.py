"""A backlog on disk: what must survive this process until a server that is away can take it.

A folder of files of records (``infra.backlog_file``). Records that wait at the same moment are put on disk together,
with one ``fdatasync`` for all of them: a group commit, on a thread of its own. A file is written by one process, sealed
when it is long enough or when a reader asks for it, and unlinked once its owner says that all of it has arrived
elsewhere. A file whose process died is taken up by whichever process looks first.
"""

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import NamedTuple

from infra import journal
from infra.backlog_file import DRAFT, HEAD_BYTES, RECORD_BYTES, SUFFIX, BacklogFile

_log = journal.get("backlog")


class Place(NamedTuple):
    """Where a record stands."""

    file: BacklogFile
    offset: int


Waiting = tuple[bytes, "Future[Place]"]


class BacklogFull(Exception):
    """The backlog holds as much as it may."""


class Backlog:
    """Records in the order in which they were added. Thread-safe. One reader at a time."""

    def __init__(
        self,
        root: Path,
        most_bytes: int,
        file_bytes: int = 16 << 20,
        create: Callable[[Path], BacklogFile] = BacklogFile.create,
    ) -> None:
        """``file_bytes``: a file that has grown beyond this is sealed. What dead processes left is taken up."""
        self._root, self._most_bytes, self._file_bytes = root, most_bytes, file_bytes
        self._create = create
        self._waiting: list[Waiting] = []
        self._waiting_bytes = 0
        self._news = threading.Condition()
        self._files = threading.RLock()  # whoever writes or seals has it; a commit holds it while the disk works
        self._current: BacklogFile | None = None
        self._sealed: list[BacklogFile] = []
        self._is_open = True
        self._trouble = ""
        self.adopt()
        self._writer = threading.Thread(target=self._serve, name=f"backlog-{root.name}", daemon=True)
        self._writer.start()

    @property
    def size_bytes(self) -> int:
        """Bytes on disk of what has not arrived yet. Bytes of other live processes do not count."""
        current = self._current
        return sum(file.size_bytes for file in tuple(self._sealed)) + (current.size_bytes if current else 0)

    @property
    def is_empty(self) -> bool:
        """True when nothing is on disk, nor on its way there."""
        return not (self._sealed or self._current or self._waiting_bytes)

    def add(self, record: bytes) -> "Future[Place]":
        """A future that resolves once the record is on disk, whatever happens to this process or the power.

        Fails with BacklogFull, OSError or MemoryError: then it may or may not be there. Does not wait for the disk.
        """
        done: Future[Place] = Future()
        done.set_running_or_notify_cancel()  # who stops waiting takes nothing back
        with self._news:
            wanted = self.size_bytes + self._waiting_bytes + RECORD_BYTES + len(record)
            if not self._is_open:
                raise RuntimeError("the backlog is closed")
            if wanted > self._most_bytes:
                done.set_exception(BacklogFull(f"{self._root} would hold {wanted} bytes, more than {self._most_bytes}"))
                return done
            self._waiting.append((record, done))
            self._waiting_bytes += RECORD_BYTES + len(record)
            self._news.notify()
        return done

    def files(self) -> list[BacklogFile]:
        """Everything on disk, oldest first: the file being written is sealed, what dead processes left is taken up."""
        self.adopt()
        with self._files:
            self._seal()
            return list(self._sealed)

    def remove(self, file: BacklogFile, is_damaged: bool = False) -> None:
        """All that could be read of a sealed file has arrived. A damaged one stays, set aside for a person."""
        with self._files:
            self._sealed.remove(file)
        if is_damaged:
            file.set_aside()
            _log.error("a file of the backlog is damaged; what could be read has been sent", file=str(file.path))
        else:
            file.remove()

    def adopt(self) -> None:
        """Take up what dead processes left. A disk that refuses is told, and asked again at the next call."""
        with self._files:
            mine = {file.path for file in (*self._sealed, self._current) if file}
            try:
                self._root.mkdir(parents=True, exist_ok=True)
                found = sorted(path for path in self._root.iterdir() if path not in mine)
                for path in found:
                    self._take_up(path)
                self._trouble = ""
            except OSError as error:
                if self._trouble != str(error):  # told once, not at every look
                    _log.error("the backlog cannot be read", folder=str(self._root), error=error)
                self._trouble = str(error)

    def close(self) -> None:
        """Put on disk what waits, then let go. What has not arrived stays for the next process."""
        with self._news:
            self._is_open = False
            self._news.notify()
        self._writer.join()
        with self._files:
            self._seal()
            for file in self._sealed:
                file.close()
            self._sealed.clear()

    def _take_up(self, path: Path) -> None:
        if path.suffix not in (SUFFIX, DRAFT) or (file := BacklogFile.adopt(path)) is None:
            return
        if path.suffix == DRAFT or file.size_bytes <= HEAD_BYTES:  # its process died before its first commit
            file.remove()
            return
        _log.info("takes up what an earlier process left", file=path.name, bytes=file.size_bytes)
        self._sealed.append(file)

    def _serve(self) -> None:
        while waiting := self._taken():
            self._commit(waiting)

    def _taken(self) -> list[Waiting]:
        """All that waits; none once the backlog is closed and nothing waits any more."""
        with self._news:
            self._news.wait_for(lambda: self._waiting or not self._is_open)
            waiting, self._waiting = self._waiting, []
            return waiting

    def _commit(self, waiting: list[Waiting]) -> None:
        """One write and one sync for all. A file that refused either is never written again."""
        records = [record for record, _ in waiting]
        with self._files:
            try:
                file = self._current = self._current or self._create(self._fresh_path())
                places = [Place(file, offset) for offset in file.append(records)]
                failure = None
            except (OSError, MemoryError) as error:
                places, failure = [], error
            with self._news:
                self._waiting_bytes -= sum(RECORD_BYTES + len(record) for record in records)
            if self._current and (failure or self._current.size_bytes > self._file_bytes):
                self._seal()
            for number, (_, done) in enumerate(waiting):  # told before anybody can find the records in ``files``
                if failure:
                    done.set_exception(failure)
                else:
                    done.set_result(places[number])

    def _seal(self) -> None:
        """The current file is written no more. One without a record is removed."""
        if not self._current:
            return
        file, self._current = self._current, None
        if file.size_bytes > HEAD_BYTES:
            self._sealed.append(file)
            return
        try:
            file.remove()
        except OSError as error:
            _log.error("an empty file of the backlog cannot be removed", file=str(file.path), error=error)

    def _fresh_path(self) -> Path:
        """A name after all others, and unlike those that other processes choose at this moment."""
        self._root.mkdir(parents=True, exist_ok=True)
        numbers = [int(name) for path in self._root.iterdir() if (name := path.name.partition("-")[0]).isdigit()]
        return self._root / f"{max(numbers, default=0) + 1:012d}-{os.urandom(4).hex()}{SUFFIX}"
