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
        selects = {
            "media": archive.media_sql(cameras),
            "episodes": archive.episodes_sql(cameras, 0, archive.DAYS, current=True),
            "episodes_past": archive.episodes_sql(cameras, 0, archive.DAYS, current=False),
            "segments": archive.segments_sql(cameras, archive.DAYS - days, archive.DAYS),
        }
        for table, sql in selects.items():
            file = self._folder / f"{table}.parquet"
            source.write(sql, file)
            self._connection.execute(self._sql[table].replace("$file", f"'{file}'"))
            file.unlink()
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
