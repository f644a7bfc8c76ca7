"""Questions to the archive against PostgreSQL and DuckDB, with the same rows: ``python -m bench.queries``.

The product answers through its own door from its own tables, public views and reads; PostgreSQL is tuned and indexed as
a good administrator would (``peers/postgres.sql``); DuckDB has a file of its own. All hold what ``peers/archive.py``
describes; of footage the peers hold the last 12 days alone. Answers are compared: a fast wrong one ends the bench.

Five runs, each about another stretch of time, the three taking turns question by question; medians. Wall time, and CPU
of the engine and of this process together. The same at 1 x, 4 x and 16 x the rows; targets are judged at the largest.
"""

import argparse
import importlib.util
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from bench import ledger
from bench.clickhouse_door import door
from bench.peers import archive, questions
from bench.peers.archive import Window
from bench.peers.costs import Cost, difference, verdict
from bench.peers.questions import Peer, Question, Row
from bench.peers.source import Source
from infra.settings import load

if TYPE_CHECKING:  # they need packages that only this bench needs; ``missing`` speaks first
    from bench.peers.duck import Duck
    from bench.peers.postgres import Postgres
    from bench.peers.product import Product

RUNS, PEER_DAYS = 5, 12
BYTES_A_ROW = 3_000
"""Disk for one episode and its segments, three times over, with what loading needs."""
SMALLER = {"episodes": 8, "segments": 25}
"""Wanted: how many times less disk a row takes than in PostgreSQL."""
OURS = {"episodes": ("episodes", "ids"), "segments": ("segments", "extents")}
"""The tables that answer what PostgreSQL answers from one and its indexes."""
EVERY_VERSION = ("episodes", "episodes_past")


def missing(rows: int) -> str:
    """What this machine lacks, and what to do; empty: nothing."""
    if any(importlib.util.find_spec(name) is None for name in ("duckdb", "psycopg")):
        return "DuckDB and psycopg are needed: uv pip install --constraints constraints.txt --group bench"
    from bench.peers import postgres

    try:
        postgres.binaries()
    except LookupError as error:
        return str(error)
    wanted, free = rows * BYTES_A_ROW, shutil.disk_usage(tempfile.gettempdir()).free
    if free < wanted:
        folder = tempfile.gettempdir()
        return f"{folder} has {free >> 30} GiB free and {wanted >> 30} are needed; choose --rows or another TMPDIR"
    return ""


def timed(peer: Peer, question: Question, window: Window) -> tuple[Cost, Sequence[Row]]:
    """What a question costs, and its answer."""
    engine_s, own_s, started = peer.cpu_s(), time.process_time(), time.perf_counter()
    for _ in range(question.repeats):
        rows = peer.ask(question, window)
    wall_s = time.perf_counter() - started
    cpu_s = peer.cpu_s() - engine_s + time.process_time() - own_s
    return Cost(wall_s * 1000 / question.repeats, cpu_s * 1000 / question.repeats), rows


class Round:
    """Every peer with the archive of some cameras in it, and what is told of them."""

    def __init__(self, cameras: int, book: ledger.Ledger, *, is_judged: bool) -> None:
        self._cameras = cameras
        self._book = book
        self._is_judged = is_judged

    def run(self) -> None:
        """Fill, ask, tell."""
        from bench.peers.duck import Duck
        from bench.peers.postgres import Postgres, server
        from bench.peers.product import Product

        with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
            folder = Path(scratch)
            connection, pid = stack.enter_context(door(folder / "engine"))
            url = f"http://127.0.0.1:{connection.port}"
            product = stack.enter_context(closing(Product(load(data=folder / "own", clickhouse=url), pid)))
            postmaster = stack.enter_context(server(folder / "postgres"))
            postgres = stack.enter_context(closing(Postgres(folder / "postgres", postmaster)))
            duck = stack.enter_context(closing(Duck(folder / "duck")))
            source = Source(url)
            postgres.fill(source, self._cameras, PEER_DAYS)
            duck.fill(source, self._cameras, PEER_DAYS)
            product.fill(self._cameras)
            for question in questions.ALL:
                self._ask(question, (product, postgres, duck))
            self._weigh(product, postgres, duck)

    def _ask(self, question: Question, peers: Sequence[Peer]) -> None:
        """Tell what a question costs. Raises RuntimeError when the answers differ."""
        for peer in peers:
            peer.ask(question, Window(RUNS, self._cameras))  # warm, with a stretch that is not asked for again
        costs: dict[str, list[Cost]] = {peer.name: [] for peer in peers}
        for number in range(RUNS):
            answers: dict[str, Sequence[Row]] = {}
            for peer in peers:
                cost, answers[peer.name] = timed(peer, question, Window(number, self._cameras))
                costs[peer.name].append(cost)
            if wrong := difference(answers):
                raise RuntimeError(f"{question.name}, run {number}: {wrong}")
            if not any(answers.values()):
                raise RuntimeError(f"{question.name}, run {number}: nothing is asked about")
        line = verdict(question, costs, is_judged=self._is_judged)
        self._tell(f"{question.name}, {len(answers['Sightlog']):,} rows", line.figure, line.target, line.is_met)

    def _weigh(self, product: "Product", postgres: "Postgres", duck: "Duck") -> None:
        """Tell what rows take on disk."""
        for table, wanted in SMALLER.items():
            ours = product.table_bytes(*OURS[table]) / product.count(table)
            theirs = postgres.table_bytes(table) / postgres.count(table)
            figure = f"1/{theirs / ours:.1f} of PostgreSQL ({ours:.0f} of {theirs:.0f} bytes a row, indexes included)"
            target = f"<= 1/{wanted}" if self._is_judged else ""
            self._tell(f"storage of {table}", figure, target, theirs / ours >= wanted)
        ours = product.table_bytes(*OURS["episodes"], "versions", "changes")
        theirs = postgres.table_bytes(*EVERY_VERSION)
        self._tell("storage of episodes, history included", f"1/{theirs / ours:.1f} of PostgreSQL")
        same = postgres.table_bytes(*EVERY_VERSION, "segments")
        self._tell("storage of DuckDB", f"1/{same / duck.file_bytes():.1f} of PostgreSQL, all tables")

    def _tell(self, name: str, figure: str, target: str = "", is_met: bool = True) -> None:
        rows = self._cameras * archive.EPISODES
        self._book.tell(f"queries on {rows:,} episodes: {name}", figure, target, is_met)


def main() -> None:
    """Measure and tell."""
    options = arguments()
    if lack := missing(options.rows):
        sys.exit(f"bench.queries: {lack}")
    book = ledger.Ledger.of(options)
    for size in options.sizes:
        cameras = archive.cameras(options.rows, size, max(options.sizes))
        Round(cameras, book, is_judged=size == max(options.sizes)).run()


def arguments() -> argparse.Namespace:
    """The options."""
    parser = ledger.parser(__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000, help="episodes at the largest size; segments: 5 x")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 4, 16], help="relative sizes, smallest first")
    return parser.parse_args()


if __name__ == "__main__":
    main()
