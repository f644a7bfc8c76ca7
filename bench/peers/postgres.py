"""PostgreSQL on a folder of its own, tuned, indexed and asked as a good administrator would."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench.peers import archive, cpu
from bench.peers.archive import Window, parts
from bench.peers.questions import Question, Row, parameters
from bench.peers.source import Source

NEEDED = "PostgreSQL 15 or newer is needed; on Debian: apt-get install postgresql"
_HERE = Path(__file__).parent
_SETTINGS = {
    "listen_addresses": "", "shared_buffers": "1GB", "work_mem": "256MB", "maintenance_work_mem": "2GB",
    "effective_cache_size": "8GB", "random_page_cost": "1.1", "effective_io_concurrency": "200",
    "max_parallel_workers": str(os.cpu_count()), "max_parallel_workers_per_gather": str(os.cpu_count()),
    "max_parallel_maintenance_workers": "2", "wal_level": "minimal", "max_wal_senders": "0", "max_wal_size": "16GB",
    "checkpoint_timeout": "1h", "fsync": "off", "autovacuum": "off", "plan_cache_mode": "force_custom_plan",
    "timezone": "UTC",
}  # fmt: skip
"""Without fsync and autovacuum: loading is not measured, and nothing runs beside a question."""
_TEXTS = ("license_plate_text", "payload", "detections", "preview_key", "frame_preview_key", "preview_dropped")


def binaries() -> Path:
    """The folder of this machine's newest PostgreSQL, 15 at least. Raises LookupError with what to do."""
    found = {path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")}
    if in_path := shutil.which("initdb"):
        found.add(Path(in_path).resolve().parent)
    recent = [(version, path) for path in found if (version := _version(path)) >= 15]
    if not recent:
        raise LookupError(NEEDED)
    return max(recent)[1]


def _version(folder: Path) -> int:
    told = subprocess.run([folder / "initdb", "--version"], check=True, capture_output=True, text=True).stdout
    return int(told.split()[2].split(".")[0])


class Postgres:
    """One database with the archive in it."""

    name = "PostgreSQL"

    def __init__(self, folder: Path, pid: int) -> None:
        self._connection = psycopg.connect(host=str(folder), dbname="postgres", user="bench", autocommit=True)
        self._pid = pid
        self._sql = parts(_HERE / "postgres.sql")

    def fill(self, source: Source, cameras: int, days: int) -> None:
        """Put the archive in, footage of the last ``days`` alone, then index it and gather statistics."""
        self._run("tables")
        self._copy("media", f"SELECT media, {_array('labels')} FROM ({archive.media_sql(cameras)})", source)
        for table, current in (("episodes", True), ("episodes_past", False)):
            self._copy(table, _episodes(archive.episodes_sql(cameras, 0, archive.DAYS, current=current)), source)
        self._copy("segments", _segments(archive.segments_sql(cameras, archive.DAYS - days, archive.DAYS)), source)
        self._run("indexes")

    def ask(self, question: Question, window: Window) -> list[Row]:
        """The rows of the question's SQL."""
        sql = self._sql[question.name].encode()
        return self._connection.execute(sql, parameters(question, window)).fetchall()

    def explain(self, question: Question, window: Window) -> str:
        """How it answers, for people."""
        sql = f"EXPLAIN (ANALYZE, BUFFERS) {self._sql[question.name]}".encode()
        return "\n".join(row[0] for row in self._connection.execute(sql, parameters(question, window)))

    def cpu_s(self) -> float:
        """Of the postmaster and all its processes."""
        return cpu.of_family(self._pid)

    def table_bytes(self, *tables: str) -> int:
        """Heap, TOAST and indexes, after VACUUM."""
        return sum(int(self._one(f"SELECT pg_total_relation_size('{table}')")) for table in tables)

    def count(self, table: str) -> int:
        """Rows of a table."""
        return int(self._one(f"SELECT count(*) FROM {table}"))

    def close(self) -> None:
        """Leave the server."""
        self._connection.close()

    def _one(self, sql: str) -> Any:
        row = self._connection.execute(sql.encode()).fetchone()
        assert row
        return row[0]

    def _run(self, name: str) -> None:
        for statement in self._sql[name].split(";"):
            if statement.strip():
                self._connection.execute(statement.encode())

    def _copy(self, table: str, sql: str, source: Source) -> None:
        with self._connection.cursor().copy(f"COPY {table} FROM STDIN".encode()) as copy:
            for piece in source.stream(sql, "TSV"):
                copy.write(piece)


@contextmanager
def server(folder: Path) -> Iterator[int]:
    """A server on ``folder``, which it makes and where its socket is; its process id."""
    folder.mkdir()
    programs, data, who = binaries(), folder / "data", _somebody(folder)
    how = ["-D", str(data), "-U", "bench", "-A", "trust", "--no-sync", "-E", "UTF8", "--no-locale"]
    subprocess.run([programs / "initdb", *how], check=True, stdout=subprocess.DEVNULL, cwd=folder, **who)
    chosen = _SETTINGS | {"unix_socket_directories": str(folder)}
    words = [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([programs / "postgres", "-D", data, *words], stderr=log, cwd=folder, **who)
    try:
        while subprocess.run([programs / "pg_isready", "-q", "-h", folder], check=False).returncode:
            if process.poll() is not None:
                raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()[-2000:]}")
            time.sleep(0.1)
        yield process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def _somebody(folder: Path) -> dict[str, Any]:
    """How to run as the owner of ``folder``: as ourselves, unless we are root, whom PostgreSQL refuses."""
    if os.geteuid():
        return {}
    names = {user.pw_name: user for user in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    folder.parent.chmod(0o711)  # it must be able to pass through
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _episodes(sql: str) -> str:
    """Episodes of the archive in the column order of ``postgres.sql``."""
    times = ", ".join(_time(name) for name in ("opened", "updated", "start", "end", "accepted", "closed"))
    texts = ", ".join(f"nullIf({name}, '')" for name in _TEXTS)
    return f"""SELECT episode_id, {times}, score, match_score, {_time("preview")}, save_id, src_offset, version,
      src_partition, media, nullIf(close_reason, ''), episode_type, title, source, hostname, {_array("labels")}, {texts}
      FROM ({sql})"""


def _segments(sql: str) -> str:
    """Segments of the archive in the column order of ``postgres.sql``."""
    times = ", ".join(_time(name) for name in ("start", "end", "observed"))
    arrays = ", ".join(_array(name) for name in ("keyframe_ms", "keyframe_offset", "keyframe_bytes", "gop_bytes"))
    return f"""SELECT {times}, size_bytes, src_offset, width_px, height_px, frames, init_len, src_partition, media,
      object_key, concat('\\\\x', sha256), container, video_codec, nullIf(audio_codec, ''), codecs, run_id, origin,
      {arrays} FROM ({sql})"""


def _time(name: str) -> str:
    return f"fromUnixTimestamp64Milli({name}_ms, 'UTC')"


def _array(name: str) -> str:
    return f"concat('{{', arrayStringConcat({name}, ','), '}}')"
