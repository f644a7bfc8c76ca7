"""What a backlog promises: what it said is on disk is found again, whatever the disk refuses and whenever it ends."""

import errno
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import pytest

from infra.backlog import Backlog, BacklogFull, Place
from infra.backlog_file import HEAD_BYTES, RECORD_BYTES, BacklogFile

MOST = 1 << 20
WAIT_S = 60


class Disk:
    """Files whose writes and syncs can be held up and refused."""

    def __init__(self) -> None:
        self.syncs = 0
        self.refuses: OSError | None = None
        self.takes_bytes = MOST
        self.moving = threading.Event()
        self.moving.set()

    def create(self, path: Path) -> BacklogFile:
        disk = self

        class File(BacklogFile):
            def write(self, data: bytes) -> None:
                super().write(data[: disk.takes_bytes])
                if len(data) > disk.takes_bytes:
                    raise OSError(errno.ENOSPC, "told to be full")

            def sync(self) -> None:
                assert disk.moving.wait(WAIT_S)
                if disk.refuses:
                    raise disk.refuses
                disk.syncs += 1
                super().sync()

        return File.create(path)


@pytest.fixture
def disk() -> Disk:
    return Disk()


Open = Callable[..., Backlog]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    made: list[Backlog] = []

    def open_one(most_bytes: int = MOST, **more: object) -> Backlog:
        made.append(Backlog(tmp_path, most_bytes, **more))  # type: ignore[arg-type]
        return made[-1]

    yield open_one
    for one in made:
        one.close()


def records(backlog: Backlog) -> list[bytes]:
    return [record for file in backlog.files() for record in file.contents().records.values()]


def records_at(place: Place) -> bytes:
    return place.file.contents().records[place.offset]


def kept(backlog: Backlog, *several: bytes) -> None:
    for future in [backlog.add(record) for record in several]:
        future.result(WAIT_S)


def test_what_was_added_is_read_in_order_also_by_the_next_process(opened: Open) -> None:
    first = opened()
    kept(first, b"one", b"two")
    assert records(first) == [b"one", b"two"]
    kept(first, b"three")
    first.close()
    assert records(opened()) == [b"one", b"two", b"three"]


def test_all_that_wait_share_one_sync(opened: Open, disk: Disk) -> None:
    backlog = opened(create=disk.create)
    kept(backlog, b"makes the file")
    disk.moving.clear()
    futures = [backlog.add(b"first")]
    before = disk.syncs
    futures += [backlog.add(b"%d" % number) for number in range(100)]
    disk.moving.set()
    for future in futures:
        future.result(WAIT_S)
    assert disk.syncs - before <= 3
    assert len(records(backlog)) == 102
    assert all(records_at(future.result()) == b"%d" % number for number, future in enumerate(futures[1:]))


def test_nothing_is_kept_before_it_is_synced(opened: Open, disk: Disk) -> None:
    backlog = opened(create=disk.create)
    disk.moving.clear()
    future = backlog.add(b"one")
    with pytest.raises(TimeoutError):
        future.result(0.05)
    assert not backlog.is_empty
    disk.moving.set()
    future.result(WAIT_S)


def test_a_file_whose_sync_failed_is_never_written_again(opened: Open, disk: Disk) -> None:
    backlog = opened(create=disk.create)
    kept(backlog, b"good")
    disk.refuses = OSError(errno.EIO, "told to fail")
    with pytest.raises(OSError, match="told to fail"):
        backlog.add(b"lost").result(WAIT_S)
    disk.refuses = None
    kept(backlog, b"again")
    assert records(backlog) == [b"good", b"again"]
    assert len(backlog.files()) == 2


@pytest.mark.parametrize("fits", [0, 1, RECORD_BYTES + 2])
def test_a_full_disk_refuses_and_what_stood_there_before_still_stands(opened: Open, disk: Disk, fits: int) -> None:
    backlog = opened(create=disk.create)
    kept(backlog, b"good")
    disk.takes_bytes = fits
    for _ in range(3):
        with pytest.raises(OSError, match="full"):
            backlog.add(b"too much").result(WAIT_S)
    disk.takes_bytes = MOST
    kept(backlog, b"again")
    assert records(backlog) == [b"good", b"again"]
    backlog.close()
    assert records(opened()) == [b"good", b"again"]


@contextmanager
def files_end_at(size_bytes: int) -> Iterator[None]:
    """The kernel writes what fits of a file, and refuses the rest."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_kernel_that_refuses_the_rest_of_a_write_costs_only_that_commit(opened: Open) -> None:
    backlog = opened()
    kept(backlog, b"good")
    with files_end_at(100):
        with pytest.raises(OSError, match="large"):
            backlog.add(bytes(1000)).result(WAIT_S)
        kept(backlog, b"fits")
    kept(backlog, bytes(1000))
    assert records(backlog) == [b"good", b"fits", bytes(1000)]
    backlog.close()
    assert records(opened()) == [b"good", b"fits", bytes(1000)]


def test_a_folder_that_cannot_be_made_refuses_until_it_can(tmp_path: Path) -> None:
    (tmp_path / "in-the-way").touch()
    backlog = Backlog(tmp_path / "in-the-way" / "mails", MOST)
    with pytest.raises(OSError, match="directory"):
        backlog.add(b"one").result(WAIT_S)
    assert backlog.files() == []
    (tmp_path / "in-the-way").unlink()
    kept(backlog, b"one")
    assert records(backlog) == [b"one"]
    backlog.close()


def test_a_full_backlog_refuses_at_once_and_takes_again_when_there_is_room(opened: Open) -> None:
    backlog = opened(most_bytes=HEAD_BYTES + RECORD_BYTES + 100)
    kept(backlog, bytes(60))
    with pytest.raises(BacklogFull):
        backlog.add(bytes(60)).result(0)
    for file in backlog.files():
        backlog.remove(file)
    kept(backlog, bytes(60))


def test_what_waits_counts_against_the_most_as_well(opened: Open, disk: Disk) -> None:
    backlog = opened(most_bytes=1000, create=disk.create)
    disk.moving.clear()
    waiting = backlog.add(bytes(600))
    with pytest.raises(BacklogFull):
        backlog.add(bytes(600)).result(0)
    disk.moving.set()
    waiting.result(WAIT_S)


def test_long_files_are_followed_by_new_ones_and_go_one_by_one(opened: Open, tmp_path: Path) -> None:
    backlog = opened(file_bytes=200)
    for number in range(10):
        kept(backlog, b"%d" % number * 100)
    files = backlog.files()
    assert len(files) > 3
    assert [file.path for file in files] == sorted(tmp_path.iterdir())
    backlog.remove(files[0])
    assert backlog.files() == files[1:]
    assert not files[0].path.exists()
    for file in files[1:]:
        backlog.remove(file)
    assert backlog.is_empty
    assert backlog.size_bytes == 0
    assert list(tmp_path.iterdir()) == []


def test_two_processes_share_the_folder_and_never_a_file(opened: Open) -> None:
    one, other = opened(), opened()
    kept(one, b"one")
    kept(other, b"other")
    assert records(one) == [b"one"]
    assert records(other) == [b"other"]
    one.close()
    assert records(other) == [b"other", b"one"]


def test_a_process_that_was_killed_leaves_its_records_to_the_next(opened: Open, tmp_path: Path) -> None:
    program = (
        "import os, sys, pathlib, infra.backlog as b\n"
        "log = b.Backlog(pathlib.Path(sys.argv[1]), 1 << 20)\n"
        "log.add(b'one').result(60); log.add(b'two').result(60)\n"
        "os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], timeout=150, check=False)
    assert done.returncode == -9
    assert records(opened()) == [b"one", b"two"]


def test_a_crash_at_any_byte_of_a_commit_leaves_what_was_committed_before(opened: Open, tmp_path: Path) -> None:
    first = opened()
    kept(first, b"one", b"two")
    first.close()
    path = next(tmp_path.iterdir())
    before = path.read_bytes()
    again = opened()
    kept(again, b"x")
    again.close()
    next(p for p in tmp_path.iterdir() if p != path).unlink()
    torn = before + before[HEAD_BYTES : HEAD_BYTES + RECORD_BYTES + 3]
    for size in range(len(before), len(torn)):
        path.write_bytes(torn[:size])
        after = opened()
        assert records(after) == [b"one", b"two"]
        after.close()


def test_what_a_crash_left_before_the_first_commit_is_cleared(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "000000000001-aa.new").write_bytes(b"SLBA")
    (tmp_path / "000000000002-bb.backlog").write_bytes(b"SLBACK01" + bytes(16))
    (tmp_path / "notes.txt").write_bytes(b"not ours")
    assert opened().files() == []
    assert os.listdir(tmp_path) == ["notes.txt"]


def test_a_damaged_file_is_set_aside_once_the_rest_has_arrived(opened: Open, tmp_path: Path) -> None:
    first = opened()
    kept(first, b"one", b"two", b"three")
    first.close()
    path = next(tmp_path.iterdir())
    path.write_bytes(path.read_bytes().replace(b"two", b"twX"))
    backlog = opened()
    (file,) = backlog.files()
    found = file.contents()
    assert list(found.records.values()) == [b"one", b"three"]
    backlog.remove(file, found.is_damaged)
    assert [one.name for one in tmp_path.iterdir()] == [f"{path.name}.bad"]
    assert opened().files() == []


def test_who_stops_waiting_takes_nothing_back(opened: Open, disk: Disk) -> None:
    backlog = opened(create=disk.create)
    disk.moving.clear()
    futures: list[Future[Place]] = [backlog.add(b"left"), backlog.add(b"stayed")]
    assert not futures[0].cancel()
    disk.moving.set()
    futures[1].result(WAIT_S)
    assert records(backlog) == [b"left", b"stayed"]


def test_closing_puts_what_waits_on_disk_and_refuses_more(opened: Open) -> None:
    backlog = opened()
    futures = [backlog.add(b"%d" % number) for number in range(50)]
    backlog.close()
    assert all(future.done() and not future.exception() for future in futures)
    with pytest.raises(RuntimeError):
        backlog.add(b"late")
    assert len(records(opened())) == 50
