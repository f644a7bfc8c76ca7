"""What the kernel does with a process that takes more than it may."""

import subprocess
import sys

import pytest

BEGIN = "from infra.allowance import Allowance\nallowed = Allowance({}, {})\nallowed.renew()\n"


@pytest.mark.parametrize(
    ("work_s", "memory_bytes", "code", "ended_with"),
    [
        pytest.param(1, 1 << 30, "while True: pass", -24, id="too much time: SIGXCPU"),
        pytest.param(60, 1 << 24, "bytearray(1 << 25)", 1, id="too much memory: MemoryError"),
        pytest.param(60, 1 << 28, "bytearray(1 << 25)", 0, id="neither"),
    ],
)
def test_more_than_is_allowed_cannot_be_taken(work_s: int, memory_bytes: int, code: str, ended_with: int) -> None:
    words = [sys.executable, "-c", BEGIN.format(work_s, memory_bytes) + code]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    assert done.returncode == ended_with, done.stderr
    assert ended_with != 1 or "MemoryError" in done.stderr


def test_another_piece_of_work_has_the_whole_time_again() -> None:
    code = "from infra.clock import cpu_s\nfor part in range(2):\n    allowed.renew()\n    " \
        "until_s = cpu_s() + 0.6\n    while cpu_s() < until_s: pass"  # fmt: skip
    assert subprocess.run([sys.executable, "-c", BEGIN.format(1, 1 << 30) + code], check=False).returncode == 0
