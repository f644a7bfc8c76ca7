"""Pull the plug: what was acknowledged before a power cut is there after it.

The data folder lies on a small file system inside a file; the file is copied while everything runs, which is what the
disk would hold after a cut, and a system is started on the copy. Needs root and loop devices. ``--cuts 25`` runs it at
the length the targets name.
"""

import os
import random
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra import kafka
from infra.settings import Settings
from projections.segments.audit import SegmentId, Told
from schemas import codec
from tests.integration import clips, whole
from tests.integration.recording import wait_for
from tests.integration.whole import Whole

CAMERAS = ["yard", "gate"]
SIZE = "3G"
ENVIRONMENT = {"SIGHTLOG_STALL_S": "300"}


class Disk:
    """A file system in a file."""

    def __init__(self, folder: Path) -> None:
        self._image, self._copy, self.mounted = folder / "disk", folder / "after", folder / "mounted"
        self.mounted.mkdir()
        run("truncate", "-s", SIZE, str(self._image))
        run("mkfs.ext4", "-q", "-F", str(self._image))
        self.mount()

    def mount(self) -> None:
        run("mount", "-o", "loop", str(self._image), str(self.mounted))

    def unmount(self) -> None:
        run("umount", "--lazy", str(self.mounted))

    def photograph(self) -> None:
        """Keep what the disk holds now, whatever the kernel still means to write."""
        run("cp", "--sparse=always", str(self._image), str(self._copy))

    def restore(self) -> None:
        """Become the photograph."""
        self.unmount()
        shutil.move(self._copy, self._image)
        self.mount()


def run(*argv: str) -> None:
    subprocess.run(argv, check=True, capture_output=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    if os.geteuid() != 0:
        pytest.skip("mounting a file needs root")
    try:
        made = Disk(tmp_path)
    except (subprocess.CalledProcessError, FileNotFoundError) as error:
        pytest.skip(f"no file system can be mounted here: {error}")
    yield made
    made.unmount()


def acknowledged(settings: Settings) -> set[SegmentId]:
    """Every segment whose fact the broker has."""
    facts = (codec.decode("segments", record.value) for record in kafka.read_topic(settings, "segments"))
    return Told(facts).ids()


def pull_the_plug(system: Whole, disk: Disk) -> None:
    """Nothing runs on, nothing is written behind; then everything is dead."""
    pids = [system.process.pid, *system.parts().values()]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    disk.photograph()
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    system.process.wait(120)


@pytest.mark.chaos
@pytest.mark.timeout(3600)
def test_what_was_acknowledged_survives_a_power_cut(disk: Disk, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    clip = clips.make(tmp_path / "loop.mp4", seconds=600, fps=10, gop=10, size=(160, 90))
    data = disk.mounted / "data"
    for _ in range(request.config.getoption("--cuts")):
        with whole.up(data, cut=True, **ENVIRONMENT) as system:
            for name in CAMERAS:
                system.add(name, source=str(clip))
            had = len(acknowledged(system.settings()))
            wait_for(lambda: len(acknowledged(system.settings())) > had + 6, 60)  # noqa: B023 - called at once
            whole.pause_s(random.uniform(0, 3))
            before = acknowledged(system.settings())
            pull_the_plug(system, disk)
        disk.restore()
        with whole.up(data, **ENVIRONMENT) as system:
            assert before <= acknowledged(system.settings())
            system.audit(grace_ms=600_000, seconds=60)
