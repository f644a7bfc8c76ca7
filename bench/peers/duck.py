"""DuckDB on a file of its own, in this process."""

from pathlib import Path

import duckdb

from bench.peers import archive
from bench.peers.archive import Window, parts
from bench.peers.questions import Question, Row, parameters
from bench.peers.source import Source

_HERE = Path(__file__).parent


class Duck:
    """One database file with the archive in it; its processor time is this process's."""

    name = "DuckDB"

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._sql = parts(_HERE / "duck.sql")
        self._file = folder / "archive.duckdb"
        self._connection = duckdb.connect(self._file)
        self._connection.execute("SET TimeZone = 'UTC'")

    def fill(self, source: Source, cameras: int, days: int) -> None:
        """Put the archive in, footage of the last ``days`` alone."""
        every, recent = archive.days(archive.DAYS), archive.days(archive.DAYS)[-days:]
        self._load("media", [archive.media_sql(cameras)], source)
        self._load("episodes", [archive.episodes_sql(cameras, *day, current=True) for day in every], source)
        self._load("episodes_past", [archive.episodes_sql(cameras, *day, current=False) for day in every], source)
        self._load("segments", [archive.segments_sql(cameras, *day) for day in recent], source)
        self._connection.execute("CHECKPOINT")

    def ask(self, question: Question, window: Window) -> list[Row]:
        """The rows of the question's SQL."""
        sql = self._sql[question.name]
        given = {name: value for name, value in parameters(question, window).items() if f"${name}" in sql}
        return self._connection.execute(sql, given).fetchall()

    def cpu_s(self) -> float:
        """None of its own."""
        return 0.0

    def file_bytes(self) -> int:
        """Size of the file, all tables and indexes."""
        return self._file.stat().st_size

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _load(self, table: str, selects: list[str], source: Source) -> None:
        files = [self._folder / f"{table}-{number:03}.parquet" for number in range(len(selects))]
        for sql, file in zip(selects, files, strict=True):
            source.write(sql, file)
        self._connection.execute(self._sql[table].replace("$files", f"'{self._folder}/{table}-*.parquet'"))
        for file in files:
            file.unlink()
