"""Memory that stays with a process."""

import subprocess
import sys

import pytest

FAULTS = """
import resource, sys
import numpy as np
from infra import heap
kept = sys.argv[1] == "kept" and heap.keep_freed(128 << 20)
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
def work():
    for size in (3 << 20, 40 << 20, 1 << 20, 3 << 20):
        np.ones(size // 2, np.uint8)
work()
before = faults()
for _ in range(20):
    work()
print(kept, faults() - before)
"""


def taken(how: str, root: str) -> tuple[str, int]:
    said = subprocess.run([sys.executable, "-c", FAULTS, how], cwd=root, check=True, capture_output=True, text=True)
    kept, faults = said.stdout.split()
    return kept, int(faults)


def test_memory_freed_and_taken_again_costs_no_fault_where_libc_allows(pytestconfig: pytest.Config) -> None:
    kept, faults = taken("kept", str(pytestconfig.rootpath))
    if kept != "True":
        pytest.skip("libc is not glibc")
    _, otherwise = taken("given back", str(pytestconfig.rootpath))
    assert faults < 200
    assert otherwise > 10 * max(1, faults)
