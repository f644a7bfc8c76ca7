"""DVR-Scan, the peer that people use, in an environment of its own (it pins another OpenCV)."""

import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.looking.clips import Clip, Findings
from schemas.intervals import Span

VERSION = "1.8.2.1"
_PARTS = (
    f"dvr-scan=={VERSION}", "opencv-contrib-python-headless==4.11.0.86", "scenedetect==0.6.7.1", "numpy", "click",
    "platformdirs", "tqdm", "pillow", "screeninfo",
)  # fmt: skip
"""Installed without what they ask for: its OpenCV wants a desktop's libraries."""
DEFAULT: Sequence[str] = ()
FASTEST: Sequence[str] = ("-df", "4", "-fs", "4")
_AFTER_MS = 2000
"""It tells an event until so long after the last motion, and joins events no further apart."""
_TOLD = ("-so", "--ignore-user-config", "-tb", "0s", "-tp", f"{_AFTER_MS / 1000:g}s")
_TIME = r"(\d+):(\d\d):(\d\d\.\d+)"


def install(folder: Path) -> Path:
    """A Python with DVR-Scan; made once in ``folder``, which needs a package registry."""
    python = folder / "bin" / "python"
    if not python.exists():
        uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", str(python), "--no-deps", *_PARTS], check=True)
    return python


def scanned(python: Path, clip: Clip, options: Sequence[str]) -> Findings:
    """What it tells of a clip. Its padding is taken off again, and its start-up is not counted: both in its favour."""
    start_s = _cpu_s([str(python), "-m", "dvr_scan", "-V"])[0]
    cpu_s, said = _cpu_s([str(python), "-m", "dvr_scan", "-i", str(clip.path), *_TOLD, *options])
    size = clip.path.stat().st_size
    return Findings(tuple(told(said, clip.truth.length_ms)), max(cpu_s - start_s, 0.001), size, size)


def told(said: str, length_ms: int) -> list[Span]:
    """The events that it lists, without what it adds behind each; pure."""
    listed = said.partition("Comma-separated timecode values:")[2].strip().partition("\n")[0]
    times = [_ms(*parts) for parts in re.findall(_TIME, listed)]
    return [
        Span(start, end - _AFTER_MS if end < length_ms - 100 else end)
        for start, end in zip(times[::2], times[1::2], strict=True)
    ]


def _ms(hours: str, minutes: str, seconds: str) -> int:
    return round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000)


def _cpu_s(command: list[str]) -> tuple[float, str]:
    """(CPU seconds of a command, what it said)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout + done.stderr
