"""A launched program shares the fate of the process that asked for it, and not its terminal."""

import os
import subprocess
import sys
from pathlib import Path

from infra.embedded import child
from tests.beside import until

LAUNCH = [sys.executable, "-S", "-E", child.__file__]


def is_running(pid: int) -> bool:
    """False for a zombie too."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):  # also while it is being read
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"


def test_the_program_dies_when_its_parent_is_killed() -> None:
    code = (
        "import os, subprocess, sys, time\n"
        "started = subprocess.Popen([*sys.argv[1:], str(os.getpid()), 'sleep', '60'])\n"
        "print(started.pid, flush=True)\n"
        "time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, *LAUNCH], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    pid = int(parent.stdout.readline())
    until(lambda: b"sleep" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0])
    parent.kill()
    parent.communicate()
    until(lambda: not is_running(pid))


def test_the_program_has_a_session_of_its_own() -> None:
    program = [sys.executable, "-c", "import os; print(os.getsid(0) == os.getpid())"]
    shown = subprocess.run([*LAUNCH, str(os.getpid()), *program], capture_output=True, check=True)
    assert shown.stdout == b"True\n"


def test_a_parent_that_is_gone_already_starts_nothing() -> None:
    done = subprocess.run([*LAUNCH, "1", sys.executable, "-c", "print(1)"], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")


def test_a_program_that_is_missing_is_named() -> None:
    done = subprocess.run([*LAUNCH, str(os.getpid()), "no-such-program"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "cannot start no-such-program: No such file or directory\n"
