"""One holder per data folder, and a question that does not disturb it."""

import os
import subprocess
import sys
from pathlib import Path

from infra import lock


def test_a_folder_without_a_lock_is_free(tmp_path: Path) -> None:
    assert not lock.is_held(tmp_path)
    assert lock.holder(tmp_path) == ""


def test_the_holder_is_named_while_it_holds(tmp_path: Path) -> None:
    with lock.hold(tmp_path) as is_ours:
        assert is_ours
        assert lock.is_held(tmp_path)
        assert lock.holder(tmp_path) == str(os.getpid())
    assert not lock.is_held(tmp_path)


def test_asking_does_not_drop_the_lock(tmp_path: Path) -> None:
    with lock.hold(tmp_path):
        assert lock.is_held(tmp_path)
        assert lock.is_held(tmp_path)


def test_a_second_holder_is_turned_away(tmp_path: Path) -> None:
    with lock.hold(tmp_path), lock.hold(tmp_path) as is_ours:
        assert not is_ours
        assert lock.holder(tmp_path) == str(os.getpid())


def test_a_lock_dies_with_its_process(tmp_path: Path) -> None:
    code = "import os, pathlib, sys; from infra import lock\nwith lock.hold(pathlib.Path(sys.argv[1])): os._exit(9)"
    assert subprocess.run([sys.executable, "-c", code, tmp_path], check=False).returncode == 9
    assert lock.holder(tmp_path) != ""
    assert not lock.is_held(tmp_path)
