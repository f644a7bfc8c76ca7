"""The database door on the real engine, asked by real clients."""

import asyncio
import gzip
import http.client
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import clickhouse_connect
import cramjam
import pyarrow as pa
import pyarrow.parquet
import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError
from clickhouse_connect.driver.external import ExternalData

from infra.embedded.clickhouse import framing

START_S = 120
ENDLESS = "SELECT count() FROM numbers(10000000000000) WHERE sipHash64(number) = 1"


class Reply(NamedTuple):
    """One HTTP answer."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Door(NamedTuple):
    """A running door."""

    process: "subprocess.Popen[str]"
    port: int

    def ask(self, sql: str = "", body: bytes | None = None, method: str = "POST", /, *, path: str = "/",
            headers: dict[str, str] | None = None, **url: str) -> Reply:  # fmt: skip
        """One request on a connection of its own."""
        query = urlencode(({"query": sql} if sql else {}) | url)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=180)
        try:
            connection.request(method, f"{path}?{query}" if query else path, body or b"", headers or {})
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        finally:
            connection.close()

    def value(self, sql: str, **url: str) -> str:
        """The answer's text, stripped; the statement must succeed."""
        reply = self.ask(sql, **url)
        assert reply.status == 200, reply.body
        return reply.body.decode().strip()

    def client(self, **options: object) -> Client:
        """An ordinary clickhouse-connect client."""
        return clickhouse_connect.get_client(host="127.0.0.1", port=self.port, **options)  # type: ignore[arg-type]


def start(folder: Path, *more: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "infra.embedded.clickhouse", "--path", str(folder), "--port", "0", *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@contextmanager
def running(folder: Path, *more: str) -> Iterator[Door]:
    process = start(folder, *more)
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        line = process.stdout.readline()
        assert line.startswith("ready: http://127.0.0.1:"), process.stderr.read()
        yield Door(process, int(line.rsplit(":", 1)[1]))
    finally:
        process.kill()
        process.communicate(timeout=START_S)


def wait_until(holds: Callable[[], bool], within_s: float = 60) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, "the condition never held"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    # A space and a letter of another alphabet: the engine gets its folder in a connection string.
    with running(tmp_path_factory.mktemp("door") / "with space tył") as one:
        yield one


@pytest.fixture
def table(door: Door, request: pytest.FixtureRequest) -> Iterator[str]:
    name = f"t_{abs(hash(request.node.name))}"
    door.value(f"CREATE TABLE {name} (a UInt64, b String) ENGINE = MergeTree ORDER BY a")
    yield name
    door.value(f"DROP TABLE {name} SYNC")


def test_health_checks_answer_as_a_server_does(door: Door) -> None:
    for path in ("/ping", "/replicas_status", "/"):
        assert door.ask("", None, "GET", path=path)[::2] == (200, b"Ok.\n")
    assert door.ask("", None, "GET", path="/nope").status == 404


def test_an_answer_carries_the_servers_headers(door: Door) -> None:
    reply = door.ask("SELECT 1 FORMAT JSONEachRow", query_id="mine-1", wait_end_of_query="1")
    assert reply.headers["X-ClickHouse-Query-Id"] == "mine-1"
    assert reply.headers["X-ClickHouse-Format"] == "JSONEachRow"
    assert reply.headers["X-ClickHouse-Timezone"] == "UTC"
    assert reply.headers["X-ClickHouse-Server-Display-Name"]
    assert json.loads(reply.headers["X-ClickHouse-Summary"])["read_rows"] == "1"


@pytest.mark.parametrize(
    ("sql", "status", "code"),
    [("SELEC", 400, "62"), ("SELECT * FROM nope", 404, "60"), ("SHOW A; SHOW B", 400, "62"),
     ("SELECT throwIf(1)", 500, "395")],
)  # fmt: skip
def test_an_error_has_the_servers_status_code_and_words(door: Door, sql: str, status: int, code: str) -> None:
    reply = door.ask(sql)
    assert (reply.status, reply.headers["X-ClickHouse-Exception-Code"]) == (status, code)
    assert reply.body.startswith(f"Code: {code}. DB::Exception: ".encode())
    assert b"OUTFILE" not in reply.body


def test_an_unknown_setting_is_an_error_and_a_known_one_holds_for_its_request_only(door: Door) -> None:
    assert door.ask("SELECT 1", no_such_setting="1").headers["X-ClickHouse-Exception-Code"] == "115"
    ask = "SELECT getSetting('max_block_size')"
    before = door.value(ask)
    assert door.value(ask, max_block_size="1234") == "1234"
    assert [door.value(ask) for _ in range(20)] == [before] * 20


def test_parameters_are_bound_and_typed(door: Door) -> None:
    assert door.value("SELECT {n:UInt8} + 1, {s:String}", param_n="4", param_s="it's") == "5\tit\\'s"
    assert door.ask("SELECT {n:UInt8}", param_n="x").headers["X-ClickHouse-Exception-Code"] == "457"


def test_the_database_comes_from_url_or_header(door: Door) -> None:
    door.value("CREATE DATABASE IF NOT EXISTS other")
    assert door.value("SELECT currentDatabase()", database="other") == "other"
    assert door.ask("SELECT currentDatabase()", headers={"X-ClickHouse-Database": "other"}).body == b"other\n"
    assert door.value("SELECT currentDatabase()") == "default"


def test_rows_may_follow_the_statement_in_the_body_or_in_the_url(door: Door, table: str) -> None:
    assert door.ask(f"INSERT INTO {table} FORMAT JSONEachRow", b'{"a":1,"b":"x"}\n{"a":2}').status == 200
    door.ask("", f"INSERT INTO {table} FORMAT CSV\n3,y\n".encode())
    door.ask(f"INSERT INTO {table} VALUES", b"(4, 'z'), (5, ';')")
    door.ask("", f"INSERT INTO {table} VALUES (6, 'q')".encode())
    door.ask(f"INSERT INTO {table} SELECT 7, 'r'")
    assert door.value(f"SELECT groupArray(a) FROM (SELECT a FROM {table} ORDER BY a)") == "[1,2,3,4,5,6,7]"


def test_an_insert_with_a_bad_row_says_which_and_writes_nothing(door: Door, table: str) -> None:
    reply = door.ask(f"INSERT INTO {table} FORMAT JSONEachRow", b'{"a":1}\n{"a":"x"}')
    assert (reply.status, reply.headers["X-ClickHouse-Exception-Code"]) == (400, "27")
    assert b"at row 2" in reply.body
    assert door.value(f"SELECT count() FROM {table}") == "0"


def test_a_large_insert_is_taken_in_pieces(door: Door, table: str) -> None:
    rows = b"".join(b'{"a":%d,"b":"%064d"}\n' % (n, n) for n in range(120_000))
    assert len(rows) > 8 << 20
    reply = door.ask(f"INSERT INTO {table} FORMAT JSONEachRow", rows)
    assert json.loads(reply.headers["X-ClickHouse-Summary"])["written_rows"] == "120000"
    assert door.value(f"SELECT count(), sum(a) FROM {table}") == f"120000\t{sum(range(120_000))}"


@pytest.mark.parametrize("name", ["gzip", "zstd", "lz4", "deflate", "br"])
def test_both_directions_may_be_compressed(door: Door, table: str, name: str) -> None:
    packers = {"gzip": gzip.compress, "zstd": cramjam.zstd.compress, "lz4": cramjam.lz4.compress,
               "deflate": cramjam.zlib.compress, "br": cramjam.brotli.compress}  # fmt: skip
    openers = {"gzip": gzip.decompress, "zstd": cramjam.zstd.decompress, "lz4": cramjam.lz4.decompress,
               "deflate": cramjam.zlib.decompress, "br": cramjam.brotli.decompress}  # fmt: skip
    rows = bytes(packers[name](b"1,x\n2,y\n"))
    door.ask(f"INSERT INTO {table} FORMAT CSV", rows, headers={"Content-Encoding": name})
    sql = f"SELECT * FROM {table} ORDER BY a FORMAT CSV"
    reply = door.ask(sql, headers={"Accept-Encoding": name}, enable_http_compression="1")
    assert reply.headers["Content-Encoding"] == name
    assert bytes(openers[name](reply.body)) == b'1,"x"\n2,"y"\n'


def test_clickhouse_block_framing_goes_both_ways(door: Door, table: str) -> None:
    door.ask(f"INSERT INTO {table} FORMAT CSV", framing.pack(b"1,x\n2,y\n"), decompress="1")
    packed = door.ask("SELECT 'SELECT ' || toString(count()) FROM " + table, compress="1").body
    assert door.ask("", packed, decompress="1").body == b"2\n"


@pytest.mark.parametrize("name", ["JSON", "JSONCompact", "CSVWithNames", "Arrow", "Parquet", "RowBinary"])
@pytest.mark.parametrize("rows", [0, 300_000])
def test_every_format_is_one_document_however_long(door: Door, name: str, rows: int) -> None:
    answer = door.ask(f"SELECT number AS n FROM numbers({rows}) FORMAT {name}").body
    if name.startswith("JSON"):
        assert len(json.loads(answer)["data"]) == rows
    elif name == "Arrow":
        assert pa.ipc.open_file(answer).read_all().num_rows == rows
    elif name == "Parquet":
        assert pyarrow.parquet.read_table(io.BytesIO(answer)).num_rows == rows
    elif name == "CSVWithNames":
        assert answer.count(b"\n") == rows + 1
    elif name == "RowBinary":
        assert len(answer) == 8 * rows


def test_a_session_keeps_temporary_tables_and_settings_and_nobody_else_sees_them(door: Door) -> None:
    for sql in ("CREATE TEMPORARY TABLE mine (a Int)", "INSERT INTO mine VALUES (7)", "SET max_block_size = 77"):
        door.value(sql, session_id="s1")
    assert door.value("SELECT a, getSetting('max_block_size') FROM mine", session_id="s1") == "7\t77"
    assert door.value("SELECT getSetting('max_block_size')", session_id="s1", max_block_size="5") == "5"
    assert door.value("SELECT getSetting('max_block_size')", session_id="s1") == "77"
    assert door.ask("SELECT a FROM mine").headers["X-ClickHouse-Exception-Code"] == "60"
    assert door.ask("SELECT a FROM mine", session_id="s2").headers["X-ClickHouse-Exception-Code"] == "60"


def test_a_session_ends_after_its_time(door: Door) -> None:
    door.value("SELECT 1", session_id="short", session_timeout="0")
    probe = {"session_id": "short", "session_check": "1", "session_timeout": "0"}

    def is_gone() -> bool:
        return door.ask("SELECT 1", **probe).headers["X-ClickHouse-Exception-Code"] == "372"

    wait_until(is_gone)


def test_a_busy_session_refuses_a_second_statement(door: Door) -> None:
    with door_busy(door, session_id="busy"):
        reply = door.ask("SELECT 1", session_id="busy")
    assert reply.headers["X-ClickHouse-Exception-Code"] == "373"


def test_readonly_binds_its_request_and_no_later_one(door: Door, table: str) -> None:
    for session in ({}, {"session_id": "ro"}):
        for level in ("1", "2"):
            assert door.value("SELECT 1", readonly=level, **session) == "1"
            refused = door.ask(f"INSERT INTO {table} VALUES (1, '')", readonly=level, **session)
            assert refused.headers["X-ClickHouse-Exception-Code"] == "164"
            assert door.ask(f"INSERT INTO {table} VALUES (1, '')", **session).status == 200
    assert door.ask(f"DROP TABLE {table}", None, "GET").headers["X-ClickHouse-Exception-Code"] == "164"


@contextmanager
def door_busy(door: Door, **url: str) -> Iterator[None]:
    """One statement running in the background for as long as the block; its id is ``background``."""
    thread = threading.Thread(target=lambda: door.ask(ENDLESS, query_id="background", **url))
    thread.start()
    try:
        wait_until(lambda: "background" in running_ids(door))
        yield
    finally:
        door.value("KILL QUERY WHERE query_id = 'background'")
        thread.join()


def running_ids(door: Door) -> list[str]:
    return door.value("SELECT Settings['log_comment'] FROM system.processes").splitlines()


def test_a_ping_never_waits_for_a_query(door: Door) -> None:
    with door_busy(door):
        assert door.ask("", None, "GET", path="/ping").body == b"Ok.\n"
        assert "background" in running_ids(door)


def test_two_queries_may_not_share_an_id(door: Door) -> None:
    with door_busy(door):
        assert door.ask("SELECT 1", query_id="background").headers["X-ClickHouse-Exception-Code"] == "216"


def test_a_query_stops_when_its_client_leaves(door: Door) -> None:
    for sql in ("SELECT number FROM numbers(1000000000000)", ENDLESS):
        connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=180)
        connection.request("POST", "/?query_id=leaver", sql)
        wait_until(lambda: "leaver" in running_ids(door))
        connection.close()
        wait_until(lambda: "leaver" not in running_ids(door))


def test_another_client_may_kill_a_query(door: Door) -> None:
    with door_busy(door):
        door.value("KILL QUERY WHERE query_id = 'background'")
        wait_until(lambda: "background" not in running_ids(door))


def test_a_large_result_passes_through_little_memory(door: Door) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=180)
    connection.request("POST", "/", "SELECT number FROM numbers(250000000) FORMAT RowBinary")
    response = connection.getresponse()
    before, size, most = own_mib(door), 0, 0
    while chunk := response.read(8 << 20):
        size += len(chunk)
        most = max(most, own_mib(door))
    connection.close()
    assert size == 2_000_000_000
    assert most - before < 150


def own_mib(door: Door) -> int:
    lines = Path(f"/proc/{door.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("RssAnon"))


def test_an_error_after_the_first_megabytes_cuts_the_answer_and_names_itself(door: Door) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=180)
    connection.request("POST", "/", "SELECT number, throwIf(number = 5000000) FROM numbers(10000000)")
    response = connection.getresponse()
    with pytest.raises(http.client.IncompleteRead) as caught:
        response.read()
    assert response.headers["X-ClickHouse-Exception-Tag"].encode() in caught.value.partial[-2000:]
    assert b"Code: 395." in caught.value.partial[-2000:]
    assert door.ask(
        "SELECT number, throwIf(number = 5000000) FROM numbers(10000000)", wait_end_of_query="1"
    ).status == 500  # fmt: skip


def test_clickhouse_connect_does_all_it_does_with_a_server(door: Door, table: str) -> None:
    client = door.client()
    assert client.insert(table, [[n, f"b{n}"] for n in range(50_000)], column_names=["a", "b"]).written_rows == 50_000
    assert client.query(f"SELECT b FROM {table} WHERE a = {{n:UInt64}}", parameters={"n": 7}).result_rows == [("b7",)]
    assert client.query_arrow(f"SELECT * FROM {table}").num_rows == 50_000
    with client.query_row_block_stream(f"SELECT a FROM {table}") as stream:
        assert sum(len(block) for block in stream) == 50_000
    ids = ExternalData(file_name="ids.csv", data=b"1\n2\n", fmt="CSV", structure="id UInt64")
    assert client.query(f"SELECT count() FROM {table} WHERE a IN ids", external_data=ids).result_rows == [(2,)]
    with pytest.raises(DatabaseError) as caught:
        client.query("SELECT * FROM nope")
    assert caught.value.code == 60
    with pytest.raises(DatabaseError):
        client.command(f"TRUNCATE TABLE {table}", settings={"readonly": 1})
    client.command(f"TRUNCATE TABLE {table}")
    client.close()


@pytest.mark.parametrize("compress", ["lz4", "zstd", "gzip", False])
def test_clickhouse_connect_may_compress(door: Door, table: str, compress: str | bool) -> None:
    client = door.client(compress=compress)
    client.insert(table, [[n, "x" * 50] for n in range(20_000)], column_names=["a", "b"])
    assert client.query(f"SELECT * FROM {table}").row_count == 20_000
    client.close()


def test_sixteen_async_clients_are_served_side_by_side(door: Door) -> None:
    async def ask() -> float:
        client = await clickhouse_connect.get_async_client(host="127.0.0.1", port=door.port)
        started = time.monotonic()
        await asyncio.gather(*(client.query("SELECT sleep(2)") for _ in range(16)))
        took = time.monotonic() - started
        await client.close()
        return took

    assert asyncio.run(ask()) < 16 * 2 / 2


def test_a_second_door_on_the_same_folder_says_who_owns_it(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        second = start(tmp_path)
        _, said = second.communicate(timeout=START_S)
        assert second.returncode == 2
        assert said.count("\n") == 1
        assert str(first.process.pid) in said
        assert first.value("SELECT 1") == "1"


def test_a_taken_port_is_one_clear_line(tmp_path: Path, door: Door) -> None:
    command = [sys.executable, "-m", "infra.embedded.clickhouse", "--path", str(tmp_path), "--port", str(door.port)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=START_S, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "choose another --port" in done.stderr


def test_sigterm_stops_in_seconds_even_with_a_query_running_and_rows_stay(tmp_path: Path) -> None:
    with running(tmp_path) as door:
        door.value("CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a")
        door.value("INSERT INTO t SELECT number FROM numbers(1000)")
        slow = threading.Thread(target=swallow, args=(door, ENDLESS))
        slow.start()
        wait_until(lambda: len(running_ids(door)) > 1)
        door.process.send_signal(signal.SIGTERM)
        assert door.process.wait(timeout=60) == 0
        slow.join()
    with running(tmp_path) as door:
        assert door.value("SELECT count() FROM t") == "1000"


def swallow(door: Door, sql: str) -> None:
    with suppress(OSError, http.client.HTTPException):
        door.ask(sql)


def test_every_acknowledged_row_survives_kill_nine(tmp_path: Path) -> None:
    acknowledged = 0
    for _ in range(3):
        with running(tmp_path) as door:
            door.value("CREATE TABLE IF NOT EXISTS t (a UInt64) ENGINE = MergeTree ORDER BY a")
            killer, before = threading.Timer(0.7, os.kill, (door.process.pid, signal.SIGKILL)), acknowledged
            try:
                while True:
                    rows = b"".join(b"%d\n" % n for n in range(acknowledged, acknowledged + 500))
                    assert door.ask("INSERT INTO t FORMAT TSV", rows).status == 200
                    acknowledged += 500
                    if acknowledged == before + 500:
                        killer.start()
            except (OSError, http.client.HTTPException):
                killer.join()
    with running(tmp_path) as door:
        assert int(door.value(f"SELECT uniqExact(a) FROM t WHERE a < {acknowledged}")) == acknowledged


def test_a_block_sent_again_after_kill_nine_is_whole_and_single_in_every_view(tmp_path: Path) -> None:
    """A kill may leave the views of one insert uneven; the same block again mends each (they deduplicate alone)."""
    whole = 0
    for _ in range(3):
        with running(tmp_path) as door:
            views(door)
            door.ask("INSERT INTO landing FORMAT TSV", block(whole))
            whole += 1
            assert counts(door) == {str(whole * 1000)}
            killer = threading.Timer(0.4, os.kill, (door.process.pid, signal.SIGKILL))
            killer.start()
            with suppress(OSError, http.client.HTTPException):
                while True:
                    door.ask("INSERT INTO landing FORMAT TSV", block(whole))
                    whole += 1
            killer.join()


def views(door: Door) -> None:
    door.value("CREATE TABLE IF NOT EXISTS landing (a UInt64) ENGINE = Null")
    for name in ("first", "second"):
        door.value(
            f"CREATE TABLE IF NOT EXISTS {name} (a UInt64) ENGINE = MergeTree ORDER BY a "
            "SETTINGS non_replicated_deduplication_window = 100"
        )
        door.value(f"CREATE MATERIALIZED VIEW IF NOT EXISTS to_{name} TO {name} AS SELECT a FROM landing")


def block(number: int) -> bytes:
    return b"".join(b"%d\n" % n for n in range(number * 1000, number * 1000 + 1000))


def counts(door: Door) -> set[str]:
    asked = [(name, count) for name in ("first", "second") for count in ("count", "uniqExact")]
    return {door.value(f"SELECT {count}(a) FROM {name}") for name, count in asked}
