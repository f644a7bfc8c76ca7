"""States survive: what one worker told, the next one knows, whoever else wrote between."""

import asyncio
from pathlib import Path

import pytest

from processors.memory import Memory
from processors.store import State, Store
from tests.unit.processors.toy import FakeChangelog


def memory(folder: Path, changelog: FakeChangelog) -> Memory:
    return Memory("toy", Store(folder, "id"), changelog)  # type: ignore[arg-type]


def load(one: Memory, *partitions: int) -> int:
    read: list[int] = []
    one.load(partitions, lambda: False, read.append)
    return sum(read)


def keep(one: Memory, *states: State) -> None:
    asyncio.run(one.keep(states))


@pytest.fixture
def changelog() -> FakeChangelog:
    return FakeChangelog()


def test_what_one_worker_kept_another_with_an_empty_disk_loads(tmp_path: Path, changelog: FakeChangelog) -> None:
    keep(memory(tmp_path / "0", changelog), State(0, b"a", b"x", 1), State(1, b"b", b"y", 1, 5))
    other = memory(tmp_path / "1", changelog)
    assert load(other, 0, 1, 2) == 2
    assert (other.store.get(0, b"a"), other.store.get(1, b"b")) == (State(0, b"a", b"x", 1), State(1, b"b", b"y", 1, 5))


def test_a_worker_that_has_its_disk_loads_only_what_is_new(tmp_path: Path, changelog: FakeChangelog) -> None:
    first, other = memory(tmp_path / "0", changelog), memory(tmp_path / "1", changelog)
    keep(first, State(0, b"a", b"x", 1))
    load(other, 0)
    keep(other, State(0, b"a", b"y", 2))
    assert load(first, 0) == 1
    assert load(first, 0) == 0
    assert first.store.get(0, b"a") == State(0, b"a", b"y", 2)


def test_a_state_told_late_by_a_worker_that_lost_its_partition_is_set_right_by_the_next_load(
    tmp_path: Path, changelog: FakeChangelog
) -> None:
    lost, now = memory(tmp_path / "0", changelog), memory(tmp_path / "1", changelog)
    keep(now, State(0, b"a", b"new", 9))
    changelog.append(State(0, b"a", b"old", 8))
    load(lost, 0)
    assert changelog.states[0][-1] == State(0, b"a", b"new", 9)
    changelog.states[0] = changelog.states[0][-1:]  # all that compaction leaves
    fresh = memory(tmp_path / "2", changelog)
    load(fresh, 0)
    assert fresh.store.get(0, b"a") == State(0, b"a", b"new", 9)


def test_a_state_told_late_is_set_right_by_the_next_batch_of_the_worker_that_has_the_partition(
    tmp_path: Path, changelog: FakeChangelog
) -> None:
    now = memory(tmp_path, changelog)
    keep(now, State(0, b"a", b"new", 9))
    changelog.append(State(0, b"a", b"old", 8))
    keep(now, State(0, b"b", b"more", 10))
    assert changelog.states[0][-1] == State(0, b"a", b"new", 9)
    assert now.store.get(0, b"a") == State(0, b"a", b"new", 9)


def test_alone_on_its_partitions_a_worker_reads_nothing_back(tmp_path: Path, changelog: FakeChangelog) -> None:
    now = memory(tmp_path, changelog)
    for at in range(5):
        keep(now, State(0, b"a", b"x", at), State(1, b"a", b"y", at))
    assert changelog.reads == 0


def test_states_ahead_of_their_changelog_are_read_anew(tmp_path: Path, changelog: FakeChangelog) -> None:
    now = memory(tmp_path, changelog)
    keep(now, State(0, b"a", b"x", 1), State(0, b"b", b"x", 2), State(0, b"c", b"x", 3))
    changelog.states[0] = changelog.states[0][:1]
    assert load(now, 0) == 1
    assert now.store.count() == 1
