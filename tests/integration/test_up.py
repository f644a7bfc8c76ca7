"""`sightlog up` as an operator meets it, with the real servers and all of our services."""

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli import services
from infra.embedded import supervisor
from infra.settings import child_environment
from tests.integration.recording import wait_for

ROOT = Path(__file__).parents[2]


@dataclass
class Up:
    """A running `sightlog up`, and the lines it printed when it was ready."""

    data: Path
    process: subprocess.Popen[str]
    url: str
    login: str


def sightlog(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=240,
        env=child_environment(environment), check=False,
    )  # fmt: skip


def start(data: Path) -> Up:
    data.mkdir(exist_ok=True)
    with (data / "said.log").open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "up", "--data", str(data), "--port", "0", "--smtp-port", "0"],
            cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=said,
            env=child_environment({"SIGHTLOG_PARTITIONS": "4"}),
        )  # fmt: skip
    assert process.stdout
    ready = process.stdout.readline()
    assert ready.startswith("ready: http://127.0.0.1:"), (data / "said.log").read_text()
    return Up(data, process, ready.split()[1], process.stdout.readline())


def stop(up: Up) -> int:
    up.process.send_signal(signal.SIGINT)
    up.process.communicate(timeout=270)
    return up.process.returncode


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    running = start(tmp_path_factory.mktemp("up"))
    yield running
    assert stop(running) == 0


def test_the_first_start_makes_an_admin_token_only_its_owner_can_read(up: Up) -> None:
    token = _token(up).strip()
    assert ((up.data / "admin.token").stat().st_mode & 0o777, len(token)) == (0o600, 43)
    assert token not in up.login
    request = urllib.request.Request(f"{up.url}/api/v1/media", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 200


def ready(up: Up) -> dict[str, float]:
    """Parts in the order in which they were ready, and how many seconds each took."""
    found = re.findall(r"^ *(\S+) +ready in ([\d.]+) s", (up.data / "said.log").read_text(), re.MULTILINE)
    return {name: float(seconds) for name, seconds in found}


def test_those_who_work_off_the_log_follow_those_whom_people_wait_for(up: Up) -> None:
    wait_for(lambda: set(services.supervised(with_demo=False)) <= ready(up).keys(), 60)
    in_order = [name for name in ready(up) if name in services.SERVICES]
    first = {name for name, service in services.SERVICES.items() if service.goes_first}
    is_impatient = max(ready(up)[name] for name in first) > supervisor.POLITE_S - 1  # on a machine so busy
    assert set(in_order[: len(first)]) == first or is_impatient


def test_another_command_finds_the_stack_by_its_folder(up: Up) -> None:
    done = sightlog("doctor", "--data", str(up.data))
    assert done.returncode == 0, done.stdout
    assert "fail" not in done.stdout
    assert up.url in done.stdout


def test_a_second_up_says_who_runs_it(up: Up) -> None:
    done = sightlog("up", "--data", str(up.data), "--port", "0")
    assert done.returncode == 2
    assert f"process {up.process.pid} already runs on {up.data} at {up.url}" in done.stderr


def test_a_port_in_use_is_named_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = sightlog("up", "--data", str(tmp_path), SIGHTLOG_API_PORT=port)
    assert done.returncode == 2
    assert done.stderr.startswith(f"sightlog: port {port} (api) is in use by another program")
    assert "SIGHTLOG_API_PORT" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_it_stops_cleanly_and_comes_back_at_its_address_with_its_token(up: Up) -> None:
    assert stop(up) == 0
    assert "killed" not in (up.data / "said.log").read_text()
    before = _token(up)
    again = start(up.data)
    up.process = again.process  # whoever cleans up stops what runs now
    assert (again.url, _token(again)) == (up.url, before)


def _token(up: Up) -> str:
    return (up.data / "admin.token").read_text()
