"""Time from `sightlog up` to `ready`, and memory of each part: ``python -m bench.start [DATA]``.

Run it on a machine that does nothing else: a start is bound by the processor.
"""

import signal
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import ledger
from infra.clock import monotonic_s, sleep_s

SETTLE_S = 20.0
STARTS = 3
AGAIN_TARGET_S = 15.0
"""For a start on data that are there; the first one also makes them."""


def main() -> None:
    """Measure and tell."""
    parser = ledger.parser(__doc__)
    parser.add_argument("data", nargs="?", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        run(options.data or Path(made), ledger.Ledger.of(options))


def run(data: Path, book: ledger.Ledger) -> None:
    """Start and stop ``STARTS`` times on the same data; look at memory in the last."""
    starts_s, stops_s = [], []
    for number in range(STARTS):
        began_s = monotonic_s()
        up = start(data)
        starts_s.append(monotonic_s() - began_s)
        if number == STARTS - 1:
            sleep_s(SETTLE_S)
            report(up.pid, book)
        began_s = monotonic_s()
        up.send_signal(signal.SIGINT)
        up.communicate()
        stops_s.append(monotonic_s() - began_s)
    again_s = statistics.median(starts_s[1:])
    book.tell("first start to ready", f"{starts_s[0]:.1f} s")
    book.tell("later start to ready", f"{again_s:.1f} s", f"<= {AGAIN_TARGET_S:g} s", again_s <= AGAIN_TARGET_S)
    book.tell("stop", f"{statistics.median(stops_s):.1f} s")


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


def report(supervisor: int, book: ledger.Ledger) -> None:
    """Tell resident memory and processor time of the supervisor and each of its parts."""
    children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
    total_mb = 0.0
    for pid in (str(supervisor), *children):
        megabytes, seconds = usage(pid)
        total_mb += megabytes
        book.tell(f"rest, {name(pid)}", f"{megabytes:.0f} MB, {seconds:.1f} s of processor time since its start")
    book.tell("rest, all parts, no cameras", f"{total_mb:.0f} MB after {SETTLE_S:.0f} s")


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
