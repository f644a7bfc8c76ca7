"""The address file of a data folder: who may believe it, and what a second start is told."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra import lock
from infra.embedded import serve
from infra.embedded.parts import StackError
from infra.settings import Settings, load


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Settings]:
    """Settings of a stack that runs, as far as the lock can tell."""
    settings = Settings(
        data=tmp_path, kafka="127.0.0.1:1", s3_secret="hush", api_port=28080, partitions=4, log_level="debug"
    )
    with lock.hold(tmp_path):
        serve.publish(settings)
        yield settings


def nothing(_settings: Settings) -> bool:
    return True


def test_another_command_takes_over_what_the_stack_was_given(running: Settings) -> None:
    found = load(data=running.data)
    assert (found.kafka, found.api_port, found.partitions) == ("127.0.0.1:1", 28080, 4)
    assert found.s3_secret.get_secret_value() == "hush"


def test_another_command_keeps_its_own_manners(running: Settings) -> None:
    assert load(data=running.data).log_level == "info"


def test_what_a_command_is_given_itself_goes_first(running: Settings) -> None:
    assert load(data=running.data, kafka="elsewhere:9092").kafka == "elsewhere:9092"


def test_a_port_to_be_picked_is_the_one_the_stack_picked(running: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLOG_API_PORT", "0")
    assert load(data=running.data).api_port == 28080


def test_the_address_file_is_for_its_owner_only(running: Settings) -> None:
    assert (running.data / "stack.json").stat().st_mode & 0o777 == 0o600


def test_a_dead_stack_is_not_believed(tmp_path: Path) -> None:
    with lock.hold(tmp_path):
        serve.publish(Settings(data=tmp_path, kafka="127.0.0.1:1"))
    assert load(data=tmp_path).kafka == ""


def test_a_second_start_is_told_who_runs_and_where(running: Settings) -> None:
    told = rf"process {os.getpid()} already runs on .* at http://127.0.0.1:28080; stop it first"
    with pytest.raises(StackError, match=told):
        serve.serve(Settings(data=running.data), serve.Plan(lambda *_: None, nothing))


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = rf"{tmp_path}/file/data cannot be used \({os.strerror(errno.ENOTDIR)}\).*--data"
    with pytest.raises(StackError, match=told):
        serve.serve(Settings(data=tmp_path / "file" / "data"), serve.Plan(lambda *_: None, nothing))


def test_a_full_disk_is_said_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "LEAST_FREE_BYTES", 1 << 62)
    with pytest.raises(StackError, match=r"has \d+ MB left; free some, or give another folder: --data"):
        serve.serve(Settings(data=tmp_path), serve.Plan(lambda *_: None, nothing))
