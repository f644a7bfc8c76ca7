"""The lifecycle on a real broker: any number of workers, joining and leaving, tell exactly the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.settings import Settings
from tests.integration.lifecycle import Saves, Told, Worker, alone_on, is_done, letters, told, undisturbed, workers
from tests.integration.recording import wait_for

SAVES, EPISODES = 2000, 150
FIRST: dict[str, Told] = {}
"""What the first number of workers told, for the others to be compared with."""


@pytest.fixture
def own(stack: Settings) -> Settings:
    return alone_on(stack)


@pytest.fixture
def saves(own: Settings) -> Iterator[Saves]:
    made = Saves(own, seed=3, episodes=EPISODES)
    yield made
    made.close()


@pytest.mark.parametrize("count", [1, 2, 4])
def test_any_number_of_workers_tells_the_same(own: Settings, saves: Saves, tmp_path: Path, count: int) -> None:
    saves.append(SAVES)
    saves.silence()
    with workers(own, tmp_path, count):
        wait_for(lambda: is_done(own), 60)
    found = told(own)
    assert found == undisturbed(own)
    assert found == FIRST.setdefault("told", found)
    assert any(b'"close_reason":"timeout"' in one for versions in found.values() for one in versions)
    assert letters(own) == []


def test_workers_that_join_and_leave_under_load_lose_and_change_nothing(
    own: Settings, saves: Saves, tmp_path: Path
) -> None:
    with workers(own, tmp_path, 1):
        for turn in range(3):
            guest = Worker(own, tmp_path, f"guest-{turn}")
            saves.append(500)
            wait_for(lambda guest=guest: "reading" in guest.said(), 30)
            saves.append(500)
            assert guest.stop() == 0, guest.said()
            saves.append(500)
        wait_for(lambda: is_done(own), 60)
    assert told(own) == undisturbed(own)
    assert letters(own) == []


def test_poison_becomes_letters_and_what_stands_around_it_is_taken(own: Settings, saves: Saves, tmp_path: Path) -> None:
    poison = [
        b"",
        None,
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"type": "clock-ticked"}',
        b'{"type": "unheard-of", "v": 9}',
        b"x" * 200_000,
    ]
    with workers(own, tmp_path, 1):
        for value in poison:
            saves.append(20)
            saves.poison(b"camera-1", value)
        saves.poison(None, b"no key")
        saves.append(20)
        wait_for(lambda: is_done(own), 60)
    assert len(letters(own)) == len(poison) + 1
    assert told(own) == undisturbed(own)
