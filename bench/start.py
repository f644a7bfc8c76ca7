"""Time from `sightlog up` to `ready`, and memory of each part: `python -m bench.start [DATA]`.

Run it on a machine that does nothing else: a start is bound by the processor.
"""

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from infra.clock import monotonic_s, sleep_s

SETTLE_S = 20.0
STARTS = 3


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        data = Path(sys.argv[1] if len(sys.argv) > 1 else made)
        for number in range(STARTS):
            began_s = monotonic_s()
            up = start(data)
            print(f"start {number + 1}: ready after {monotonic_s() - began_s:.1f} s", flush=True)
            if number == STARTS - 1:
                sleep_s(SETTLE_S)
                report(up.pid)
            began_s = monotonic_s()
            up.send_signal(signal.SIGINT)
            up.communicate()
            print(f"stop {number + 1}: {monotonic_s() - began_s:.1f} s", flush=True)


def start(data: Path) -> "subprocess.Popen[str]":
    """A running stack that has said `ready:`."""
    up = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "up", "--data", str(data), "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert up.stdout
    if not up.stdout.readline().startswith("ready:"):
        sys.exit(f"the stack did not start; see {data}/logs")
    return up


def report(supervisor: int) -> None:
    """Print resident memory and processor time of the supervisor and each of its parts."""
    children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
    total_mb = 0.0
    for pid in (str(supervisor), *children):
        megabytes, seconds = usage(pid)
        total_mb += megabytes
        print(f"{name(pid):<12} {megabytes:6.0f} MB  {seconds:5.1f} s of processor time")
    print(f"{'all':<12} {total_mb:6.0f} MB after {SETTLE_S:.0f} s of rest")


def usage(pid: str) -> tuple[float, float]:
    """(resident MB, processor seconds) of one process."""
    status = Path(f"/proc/{pid}/status").read_text()
    resident_kb = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
    times = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return resident_kb / 1024, (int(times[11]) + int(times[12])) / 100


def name(pid: str) -> str:
    """What a process is, for a person."""
    argv = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    known = {"kafka.Kafka": "kafka", "infra.embedded.clickhouse": "clickhouse", "up": "supervisor", "server": "objects"}
    return next((known[word] for word in argv if word in known), argv[-2])


if __name__ == "__main__":
    main()
