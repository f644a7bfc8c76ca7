"""Footage that was made to hurt. A long run: ``python -m tests.footage_fuzz --cases 100000 --seed 3``."""

import json
import subprocess
import sys

import pytest

from processors.motion.detectors.registry import KNOWN


def test_no_segment_however_broken_brings_more_than_a_reason(pytestconfig: pytest.Config) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.footage_fuzz", "--cases", "80", "--seed", "5"],
        cwd=pytestconfig.rootpath, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    found = json.loads(done.stdout)
    assert found["said"]["honest: read"] == 4
    assert found["said"]["it holds no key frame"] >= 4
    assert found["said"]["its pictures of # x # are larger than allowed"] >= 4
    for detector in KNOWN:
        verdicts = {said for said in found["said"] if said.startswith(detector)}
        assert {f"{detector}: still", f"{detector}: unreadable"} <= verdicts
    assert found["slowest_s"] < 2
    assert found["peak_mib"] < 256
