"""The lifecycle and what goes wrong: kills, a lost disk, a broker that freezes, dies, or is not there yet."""

import contextlib
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra import clock
from infra.settings import Settings, child_environment, load
from tests.integration.lifecycle import Saves, Worker, alone_on, committed, is_done, told, undisturbed, workers
from tests.integration.recording import wait_for
from tests.integration.whole import Whole

EPISODES = 200
BACK_S = 60


@pytest.fixture
def own(stack: Settings) -> Settings:
    return alone_on(stack)


@pytest.fixture
def saves(own: Settings) -> Iterator[Saves]:
    made = Saves(own, seed=5, episodes=EPISODES)
    yield made
    made.close()


class Arriving:
    """Saves that go on arriving, at a rate, while something happens to the workers."""

    def __init__(self, saves: Saves, count: int, per_s: int) -> None:
        self._saves, self._count, self._per_s = saves, count, per_s
        self._thread = threading.Thread(target=self._run)
        self.is_over = False

    def __enter__(self) -> "Arriving":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()

    def _run(self) -> None:
        for _ in range(0, self._count, self._per_s // 5):
            self._saves.append(self._per_s // 5)
            clock.sleep_s(0.2)
        self.is_over = True


@pytest.mark.timeout(1800)
def test_workers_killed_in_turn_lose_nothing_and_double_nothing(
    own: Settings, saves: Saves, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    count = request.config.getoption("--saves")
    running = [Worker(own, tmp_path, f"worker-{number}") for number in range(2)]
    kills = 0
    try:
        with Arriving(saves, count, per_s=max(200, count // 60)) as arriving:
            while kills < 2 or not arriving.is_over:
                before = sum(committed(own).values())
                wait_for(lambda before=before: arriving.is_over or sum(committed(own).values()) > before + 100, 60)
                victim = kills % 2
                running[victim].kill()
                running[victim] = Worker(own, tmp_path, f"worker-{victim}")
                kills += 1
        wait_for(lambda: is_done(own), BACK_S)
        assert [worker.stop() for worker in running] == [0, 0]
    finally:
        for worker in running:
            worker.process.kill()
    assert told(own) == undisturbed(own)


def test_a_lost_disk_costs_nothing(own: Settings, saves: Saves, tmp_path: Path) -> None:
    saves.append(1000)
    with workers(own, tmp_path, 1):
        wait_for(lambda: is_done(own), 60)
    shutil.rmtree(tmp_path / "processors")
    saves.append(1000)
    with workers(own, tmp_path, 1) as (worker,):
        wait_for(lambda: is_done(own), 60)
        assert "states_loaded=0" not in worker.said().splitlines()[-1]
    assert told(own) == undisturbed(own)


def test_a_worker_told_to_stop_under_load_finishes_its_batch(own: Settings, saves: Saves, tmp_path: Path) -> None:
    with Arriving(saves, 4500, per_s=300) as arriving:
        for turn in range(1, 99):
            worker = Worker(own, tmp_path)
            before = sum(committed(own).values())
            wait_for(lambda worker=worker, turn=turn: worker.said().count("reading") >= turn, 60)
            wait_for(lambda before=before: arriving.is_over or sum(committed(own).values()) > before, 60)
            assert worker.stop() == 0, worker.said()
            assert "left" not in worker.said()
            if arriving.is_over:
                break
    with workers(own, tmp_path, 1):
        wait_for(lambda: is_done(own), 60)
    assert told(own) == undisturbed(own)


@contextlib.contextmanager
def servers(data: Path) -> Iterator[Whole]:
    """Servers of our own, which we may hurt."""
    command = [sys.executable, "-m", "infra.embedded", "--data", str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            assert process.stdout
            assert process.stdout.readline().startswith(b"ready:")
            yield Whole(data, process)
        finally:
            process.send_signal(signal.SIGINT)


@pytest.mark.chaos
@pytest.mark.timeout(1200)
def test_a_broker_that_freezes_or_dies_costs_nothing_and_its_workers_come_back(tmp_path: Path) -> None:
    with servers(tmp_path / "stack") as whole:
        own = alone_on(load(data=tmp_path / "stack", partitions=4))
        saves = Saves(own, seed=7, episodes=EPISODES)
        with workers(own, tmp_path, 2):
            saves.append(500)
            wait_for(lambda: is_done(own), 60)
            with Arriving(saves, 2000, per_s=500), whole.frozen("kafka"):
                clock.sleep_s(20)
            wait_for(lambda: is_done(own), BACK_S)
            with Arriving(saves, 2000, per_s=500):
                whole.kill("kafka")
            wait_for(lambda: is_done(own), BACK_S)
        saves.close()
        assert told(own) == undisturbed(own)
        assert all(len(record) for record in told(own).values())


def test_without_a_broker_the_service_says_so_in_one_line_and_leaves(stack: Settings, tmp_path: Path) -> None:
    nowhere = stack.model_copy(update={"kafka": "127.0.0.1:1", "data": tmp_path})
    command = [sys.executable, "-m", "cli.main", "run", "processor:episodes"]
    answer = subprocess.run(
        command,
        env=child_environment(nowhere.as_environment()),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert answer.returncode == 2
    assert len(answer.stderr.splitlines()) == 1
    assert "127.0.0.1:1" in answer.stderr
