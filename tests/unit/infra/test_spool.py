"""What the spool promises: nothing committed is lost, whenever the process dies and whatever the disk refuses."""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from infra import spool as spool_module
from infra.spool import Entry, Lane, Spool

MOST = 1 << 20


def opened(root: Path, most_bytes: int = MOST, free_bytes: int = 0) -> Spool:
    return Spool(root, most_bytes, free_bytes)


def blob(lane: Lane, at: int, data: bytes, note: bytes = b"note", state: bytes | None = None) -> Entry:
    part = lane.part(at)
    part.write(data)
    return lane.commit(note, at, state, part)


def content(lane: Lane) -> list[tuple[int, bytes, bytes | None]]:
    return [(one.at, one.note.read_bytes(), one.blob.read_bytes() if one.blob else None) for one in lane.entries]


def files(root: Path) -> set[str]:
    return {path.name for path in root.rglob("*") if path.is_file()}


@contextmanager
def copies_at_every_step(monkeypatch: pytest.MonkeyPatch, root: Path, to: Path) -> Iterator[list[Path]]:
    """Copies of ``root`` as a crash would leave it: before each change of a name, and after the last."""
    taken: list[Path] = []
    numbers = count()

    def copy() -> None:
        taken.append(to / str(next(numbers)))
        shutil.copytree(root, taken[-1])

    def watched(real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **more: Any) -> Any:
            copy()
            return real(*args, **more)

        return step

    with monkeypatch.context() as patched:
        for name in ("replace", "fsync"):
            patched.setattr(spool_module.os, name, watched(getattr(os, name)))
        patched.setattr(Path, "unlink", watched(Path.unlink))
        yield taken
    copy()


def test_entries_are_found_again_in_order_with_their_blobs(tmp_path: Path) -> None:
    lane = opened(tmp_path).lane("cam")
    blob(lane, 30, b"first", b"1")
    lane.commit(b"2", at=10)
    blob(lane, 20, b"third", b"3")
    found = opened(tmp_path).lane("cam")
    assert content(found) == [(30, b"1", b"first"), (10, b"2", None), (20, b"3", b"third")]
    assert found.size_bytes == lane.size_bytes == 10


def test_a_removed_entry_is_gone_and_its_number_is_not_used_before_a_later_one(tmp_path: Path) -> None:
    lane = opened(tmp_path).lane("cam")
    first = blob(lane, 1, b"x", b"1")
    lane.commit(b"2", at=2)
    lane.remove(first)
    lane.remove(first)
    lane.commit(b"3", at=3)
    assert [note for _, note, _ in content(opened(tmp_path).lane("cam"))] == [b"2", b"3"]
    assert not any(name.endswith(".mp4") for name in files(tmp_path))


def test_the_state_survives_without_entries(tmp_path: Path) -> None:
    lane = opened(tmp_path).lane("cam")
    assert lane.state() is None
    entry = lane.commit(b"note", 1, b"old")
    lane.save_state(b"new")
    lane.remove(entry)
    assert opened(tmp_path).lane("cam").state() == b"new"


def test_what_is_being_sent_can_be_neither_given_up_nor_absorbed(tmp_path: Path) -> None:
    lane = opened(tmp_path).lane("cam")
    entries = [blob(lane, at, b"x") for at in (1, 2, 3)]
    assert lane.take(2) == entries[:2]
    assert lane.oldest_blob() == entries[2]
    assert not lane.give_up(entries[0], b"gap")
    assert not lane.absorb(entries[1])
    lane.release()
    assert lane.oldest_blob() == entries[0]
    assert lane.give_up(entries[0], b"gap")
    assert lane.absorb(entries[1])
    assert content(lane) == [(1, b"gap", None), (3, b"note", b"x")]
    assert not lane.absorb(entries[1])
    assert not lane.give_up(entries[1], b"gap")


def test_an_entry_given_up_keeps_its_place_and_costs_no_room(tmp_path: Path) -> None:
    lane = opened(tmp_path).lane("cam")
    entry = blob(lane, 1, b"x" * 100)
    blob(lane, 2, b"y")
    assert lane.give_up(entry, b"gap")
    assert content(opened(tmp_path).lane("cam")) == content(lane) == [(1, b"gap", None), (2, b"note", b"y")]
    assert lane.size_bytes == 1


def test_the_oldest_blob_of_all_lanes_is_by_time_not_by_lane(tmp_path: Path) -> None:
    spool = opened(tmp_path)
    assert spool.oldest_blob() is None
    blob(spool.lane("a"), 20, b"x")
    older = blob(spool.lane("b"), 10, b"x")
    spool.lane("c").commit(b"gap", at=1)
    assert spool.oldest_blob() == (spool.lane("b"), older)


def test_a_spool_is_full_above_its_most_and_the_disk_below_its_least(tmp_path: Path) -> None:
    spool = opened(tmp_path, most_bytes=10)
    blob(spool.lane("a"), 1, b"x" * 10)
    assert not spool.is_full
    blob(spool.lane("b"), 1, b"x")
    assert spool.is_full
    assert not spool.is_disk_full
    assert opened(tmp_path, free_bytes=1 << 60).is_disk_full


def test_a_blob_being_written_is_a_leftover_and_no_entry(tmp_path: Path) -> None:
    lane = opened(tmp_path).lane("cam")
    lane.part(20).write(b"torn")
    part = lane.part(10)
    part.write(b"torn too")
    found = opened(tmp_path).lane("cam")
    assert found.entries == []
    assert [path.name for path in found.leftovers()] == ["10.part", "20.part"]
    part.discard()
    assert [path.name for path in found.leftovers()] == ["20.part"]


def test_a_crash_at_any_step_of_a_commit_leaves_the_entry_whole_or_its_blob_as_a_leftover(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane = opened(tmp_path / "spool").lane("cam")
    blob(lane, 1, b"one", b"1", b"state 1")
    with copies_at_every_step(monkeypatch, tmp_path / "spool", tmp_path / "crash") as crashes:
        blob(lane, 2, b"two", b"2", b"state 2")
    assert len(crashes) >= 6
    for crash in crashes:
        found = opened(crash).lane("cam")
        assert content(found)[0] == (1, b"1", b"one")
        if len(found.entries) == 2:
            assert content(found)[1] == (2, b"2", b"two")
            assert found.leftovers() == []
        else:
            assert [path.read_bytes() for path in found.leftovers()] == [b"two"]
        assert found.state() in (b"state 1", b"state 2")
    assert len(opened(crashes[-1]).lane("cam").entries) == 2


def test_a_crash_at_any_step_of_removing_keeps_the_entry_or_leaves_no_note_without_its_blob(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane = opened(tmp_path / "spool").lane("cam")
    entry = blob(lane, 1, b"one")
    blob(lane, 2, b"two")
    with copies_at_every_step(monkeypatch, tmp_path / "spool", tmp_path / "crash") as crashes:
        lane.remove(entry)
    for crash in crashes:
        kept = content(opened(crash).lane("cam"))
        assert kept in ([(1, b"note", b"one"), (2, b"note", b"two")], [(2, b"note", b"two")])
    assert content(opened(crashes[-1]).lane("cam")) == [(2, b"note", b"two")]


def test_a_crash_at_any_step_of_giving_up_keeps_the_footage_or_the_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane = opened(tmp_path / "spool").lane("cam")
    entry = blob(lane, 1, b"one")
    with copies_at_every_step(monkeypatch, tmp_path / "spool", tmp_path / "crash") as crashes:
        assert lane.give_up(entry, b"gap")
    notes = [content(opened(crash).lane("cam"))[0][1] for crash in crashes]
    assert set(notes) == {b"note", b"gap"}
    assert notes == sorted(notes, key=[b"note", b"gap"].index)
    assert content(opened(crashes[-1]).lane("cam")) == [(1, b"gap", None)]


def full_disk(_descriptor: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("refused", range(6))
def test_a_full_disk_at_any_step_raises_and_leaves_no_half_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: int
) -> None:
    lane = opened(tmp_path).lane("cam")
    blob(lane, 1, b"one", b"1", b"state 1")
    steps, real = count(), os.fsync
    part = lane.part(2)
    part.write(b"two")
    with monkeypatch.context() as patched:
        patched.setattr(spool_module.os, "fsync", lambda at: full_disk(at) if next(steps) == refused else real(at))
        with pytest.raises(OSError, match="No space"):
            lane.commit(b"2", 2, b"state 2", part)
    for seen in (lane, opened(tmp_path).lane("cam")):
        assert content(seen) == [(1, b"1", b"one")]
    blob(lane, 3, b"three", b"3", b"state 3")
    assert content(opened(tmp_path).lane("cam")) == [(1, b"1", b"one"), (3, b"3", b"three")]


def test_a_write_that_does_not_fit_raises(tmp_path: Path) -> None:
    part = opened(tmp_path).lane("cam").part(1)
    part._file.close()
    part._file = open("/dev/full", "wb", buffering=0)  # noqa: SIM115 - the part closes it
    with pytest.raises(OSError, match="No space"):
        part.write(b"x")
    part.discard()
    assert files(tmp_path) == set()
