"""What the kernel lets this process take: it is ended, or refused memory, however deep in a library it is."""

import math
import resource
from pathlib import Path

from infra.clock import cpu_s


class Allowance:
    """Memory from now on, and processor time for one piece of work after the other.

    Work that takes more time ends the process with SIGXCPU. No core is written.
    """

    def __init__(self, work_s: float, memory_bytes: int) -> None:
        self._work_s = work_s
        most = _size_bytes() + memory_bytes
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (most, most))

    def renew(self) -> None:
        """Another piece of work begins: it has the whole time."""
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(cpu_s() + self._work_s), resource.RLIM_INFINITY))


def _size_bytes() -> int:
    """Address space taken so far."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
