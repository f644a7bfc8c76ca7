"""Insert rate through the database door against the same engine in process: ``python -m bench.clickhouse_door``.

10,000 JSONEachRow rows a batch, one client, the same engine configuration on both sides (fsync on), the two taking
turns batch by batch because the machine is shared. Also prints what a small query costs and what the idle door weighs.
"""

import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from bench import ledger
from infra.embedded.clickhouse import config
from infra.embedded.clickhouse.engine import Engine, Handle

RUNS, BATCHES, ROWS = 5, 20, 10_000
TARGET = 0.85
MEMORY_BYTES = 1 << 30
TABLE = (
    "CREATE TABLE facts (media String, start_ms Int64, end_ms Int64, size_bytes UInt64, object_key String, "
    "sha256 String) ENGINE = MergeTree ORDER BY (media, start_ms)"
)


def batch(number: int) -> bytes:
    """One batch of segment-like rows, newline-delimited JSON."""
    start = 1_700_000_000_000 + number * ROWS * 6000
    return b"".join(
        json.dumps(
            {
                "media": f"cam{row % 16}", "start_ms": start + row * 6000, "end_ms": start + row * 6000 + 6000,
                "size_bytes": 700_000 + row, "object_key": f"segments/cam{row % 16}/2026/11/21/{start + row}.mp4",
                "sha256": f"{row:064x}",
            }
        ).encode() + b"\n"
        for row in range(ROWS)
    )  # fmt: skip


@contextmanager
def door(folder: Path) -> Iterator[tuple[http.client.HTTPConnection, int]]:
    """A running door: a connection to it and its process id."""
    command = [sys.executable, "-m", "infra.embedded.clickhouse", "--path", str(folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().rsplit(":", 1)[1])
        try:
            yield http.client.HTTPConnection("127.0.0.1", port), process.pid
        finally:
            process.terminate()


def ask(connection: http.client.HTTPConnection, sql: str, body: bytes = b"") -> bytes:
    """POST one statement; the answer's bytes."""
    connection.request("POST", f"/?query={quote(sql)}", body)
    response = connection.getresponse()
    answer = response.read()
    assert response.status == 200, answer
    return answer


def rates(sides: dict[str, Callable[[bytes], object]], batches: list[bytes]) -> dict[str, float]:
    """Rows a second of each side; they take turns."""
    spent = dict.fromkeys(sides, 0.0)
    for one in batches:
        for name, insert in sides.items():
            started = time.perf_counter()
            insert(one)
            spent[name] += time.perf_counter() - started
    return {name: len(batches) * ROWS / seconds for name, seconds in spent.items()}


def small_query_ms(run: Callable[[], object]) -> float:
    """Median of 200."""
    times = []
    for _ in range(200):
        started = time.perf_counter()
        run()
        times.append((time.perf_counter() - started) * 1e3)
    return statistics.median(times)


def resident_mib(pid: int) -> dict[str, int]:
    """RssAnon and RssFile of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    wanted = [line.split() for line in lines if line.startswith(("RssAnon", "RssFile"))]
    return {words[0].rstrip(":"): int(words[1]) // 1024 for words in wanted}


def in_process(folder: Path) -> Engine:
    """The same engine, configured as the door configures it."""
    folder.mkdir()
    config.write(folder / "engine.xml", MEMORY_BYTES)
    return Engine(folder, folder / "engine.xml", config.settings(MEMORY_BYTES))


def direct(handle: Handle) -> Callable[[bytes], object]:
    """Insert without HTTP."""
    return lambda rows: handle.insert("INSERT INTO facts", "JSONEachRow", [rows])


def through(connection: http.client.HTTPConnection) -> Callable[[bytes], object]:
    """Insert over HTTP."""
    return lambda rows: ask(connection, "INSERT INTO facts FORMAT JSONEachRow", rows)


def main() -> None:
    """Measure and tell."""
    book = ledger.Ledger.of(ledger.parser(__doc__).parse_args())
    batches = [batch(number) for number in range(BATCHES)]
    with tempfile.TemporaryDirectory() as scratch, door(Path(scratch) / "door") as (connection, pid):
        idle = resident_mib(pid)
        engine = in_process(Path(scratch) / "direct")
        handle = engine.open()
        handle.run(TABLE)
        ask(connection, TABLE)
        sides = {"direct": direct(handle), "door": through(connection)}
        runs = [rates(sides, batches) for _ in range(RUNS)]
        by_http = small_query_ms(lambda: ask(connection, "SELECT 1"))
        by_call = small_query_ms(lambda: handle.run("SELECT 1"))
        handle.close()
        engine.close()
    medians = {name: statistics.median(run[name] for run in runs) for name in sides}
    ratio = statistics.median(run["door"] / run["direct"] for run in runs)
    rows = f"{medians['door']:,.0f} of {medians['direct']:,.0f} rows/s, medians of {RUNS}"
    name = "clickhouse door insert, 10k rows a batch"
    book.tell(name, f"{ratio:.2f} of in-process ({rows})", f">= {TARGET}", ratio >= TARGET)
    book.tell("clickhouse door small query", f"{by_http:.2f} ms, in process {by_call:.2f} ms")
    book.tell("clickhouse door idle", f"{idle['RssAnon']} MiB own + {idle['RssFile']} MiB of the library file")


if __name__ == "__main__":
    main()
