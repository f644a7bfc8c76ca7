"""SQL over HTTP on the real engine: shapes, types, parameters, limits, and clients that leave."""

import csv
import io
import json
import time
from collections.abc import Iterator
from typing import NamedTuple

import httpx
import pyarrow as pa
import pyarrow.parquet
import pytest

from infra.clickhouse import Database
from infra.settings import Settings
from tests.integration.sql_desk import FOREIGN, OURS, desk, fill, tables

ENDLESS = "SELECT count() FROM episodes AS a, episodes AS b, episodes AS c, episodes AS d"
NUMBERS = "SELECT arrayJoin(range({count})) AS n, concat('text ', toString(n)) AS t"


class World(NamedTuple):
    """One engine with rows of two owners, and a client who may see all."""

    settings: Settings
    database: Database
    client: httpx.Client


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with tables(tmp_path_factory.mktemp("sql"), sql_seconds=25) as (settings, database):
        fill(settings, database)
        with desk(settings, None) as client:
            yield World(settings, database, client)


def data(reply: httpx.Response) -> list[dict[str, object]]:
    assert reply.status_code == 200, reply.text
    body = reply.json()
    assert body["rows"] == len(body["data"])
    assert body["truncated"] is False
    found: list[dict[str, object]] = body["data"]
    return found


def test_json_has_ids_digit_for_digit_and_times_with_their_zone(world: World) -> None:
    sql = """SELECT toUInt64(18446744073709551615) AS id, toInt64(-9007199254740993) AS i, 1.5 AS f, NULL AS n,
      true AS b, ['a', 'ł'] AS l, toDateTime64('2026-01-01 00:00:00.5', 3, 'UTC') AS t"""
    assert data(world.client.post("/sql", content=sql)) == [
        {
            "id": "18446744073709551615", "i": "-9007199254740993", "f": 1.5, "n": None, "b": True, "l": ["a", "ł"],
            "t": "2026-01-01T00:00:00.500Z",
        }
    ]  # fmt: skip


def test_an_answer_without_rows_is_an_empty_list(world: World) -> None:
    assert data(world.client.post("/sql", content="SELECT * FROM episodes WHERE 0")) == []


def test_csv_has_a_header_row(world: World) -> None:
    reply = world.client.post("/sql?format=csv", content="SELECT media, title FROM episodes ORDER BY ALL LIMIT 2")
    assert reply.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(reply.text)))
    assert rows == [["media", "title"], ["gate", "gate 0"], ["gate", "gate 1"]]


def test_arrow_is_a_stream_and_parquet_a_file(world: World) -> None:
    sql = "SELECT media, episode_id, opened_at, labels FROM episodes ORDER BY media, episode_id"
    streamed = pa.ipc.open_stream(world.client.post("/sql?format=arrow", content=sql).content).read_all()
    filed = pa.parquet.read_table(io.BytesIO(world.client.post("/sql?format=parquet", content=sql).content))
    assert streamed.num_rows == filed.num_rows == 1200
    assert streamed.column("episode_id").to_pylist() == filed.column("episode_id").to_pylist()
    assert filed.column("media").to_pylist()[0] in ("gate", b"gate")


@pytest.mark.parametrize("value", ["gate", "it's", "a\nb\tc\\n", "100%", "tył", "", "\\N", "'; DROP VIEW episodes --"])
def test_a_text_parameter_means_exactly_what_was_sent(world: World, value: str) -> None:
    reply = world.client.post("/sql", params={"param_p": value}, content="SELECT {p:String} AS p")
    assert data(reply) == [{"p": value}]


def test_parameters_have_types_lists_among_them(world: World) -> None:
    body = {
        "sql": "SELECT count() AS n FROM episodes"
        " WHERE media IN {cameras:Array(String)} AND episode_id < {below:UInt64}",
        "parameters": {"cameras": ["gate", "tył", "it's"], "below": 10},
    }
    assert data(world.client.post("/sql", json=body)) == [{"n": "20"}]
    more = {"param_cameras": "['gate']", "param_below": "3"}
    assert data(world.client.post("/sql", params=more, content=body["sql"])) == [{"n": "3"}]


def test_parameters_and_placeholders_must_match(world: World) -> None:
    reply = world.client.post("/sql", params={"param_b": "1"}, content="SELECT {a:UInt8}")
    assert reply.status_code == 400
    assert {error["field"] for error in reply.json()["errors"]} == {"param_a", "param_b"}


@pytest.mark.parametrize(
    ("sql", "value"),
    [("SELECT count() FROM {t:Identifier}", "dead_letters"), ("SELECT {x:AggregateFunction(sum, UInt8)}", "a")],
)
def test_only_values_are_bound(world: World, sql: str, value: str) -> None:
    reply = world.client.post("/sql", params={"param_t": value, "param_x": value}, content=sql)
    assert reply.status_code == 403
    assert "only values" in reply.json()["detail"] or "states" in reply.json()["detail"]


@pytest.mark.parametrize(
    ("request_", "status", "name"),
    [
        ({"content": "SELECT FROM"}, 400, "bad-sql"),
        ({"content": "SELECT nope FROM episodes"}, 400, "bad-sql"),
        ({"content": b"SELECT '\xff'"}, 400, "bad-sql"),
        ({"content": "SELECT 1", "params": {"format": "xml"}}, 400, "bad-parameter"),
        ({"content": "SELECT 1", "params": {"max_memory_usage": "0"}}, 400, "bad-parameter"),
        ({"json": {"sql": "SELECT 1", "settings": {}}}, 400, "bad-json"),
        ({"content": "SELECT 1 -- " + "x" * (256 << 10)}, 413, "too-large"),
        ({"content": "SELECT intDiv(1, 0)"}, 400, "bad-sql"),
        ({"content": "SELECT * FROM secrets"}, 400, "bad-sql"),
    ],
)
def test_each_mistake_is_a_problem_with_a_name(
    world: World, request_: dict[str, object], status: int, name: str
) -> None:
    reply = world.client.post("/sql", **request_)  # type: ignore[arg-type]
    assert (reply.status_code, reply.json()["type"].rpartition(":")[2]) == (status, name)
    assert "official build" not in reply.text


def test_a_caller_with_few_cameras_sees_their_rows_alone(world: World) -> None:
    with desk(world.settings, OURS) as ours, desk(world.settings, ()) as nobody:
        for table in ("episodes", "episode_versions", "episode_refusals", "episodes_hourly", "segments",
                      "segment_scans", "recording_gaps", "media"):  # fmt: skip
            sql = f"SELECT DISTINCT media FROM {table} ORDER BY media"
            assert [row["media"] for row in data(world.client.post("/sql", content=sql))] == sorted([*OURS, FOREIGN])
            assert [row["media"] for row in data(ours.post("/sql", content=sql))] == sorted(OURS)
            assert data(nobody.post("/sql", content=sql)) == []
        for table, rows in (("dead_letters", "0"), ("reprocess_runs", "2")):
            assert ours.post("/sql", content=f"SELECT 1 FROM {table}").status_code == 403
            assert data(world.client.post("/sql", content=f"SELECT count() AS n FROM {table}")) == [{"n": rows}]


def test_more_rows_than_the_limit_are_cut_and_json_says_so(world: World) -> None:
    with desk(world.settings.model_copy(update={"sql_rows": 10}), None) as client:
        assert client.post("/sql", content=NUMBERS.format(count=10)).json()["truncated"] is False
        cut = client.post("/sql", content=NUMBERS.format(count=11)).json()
        assert (cut["rows"], cut["truncated"], len(cut["data"])) == (10, True, 10)
        reply = client.post("/sql?format=csv", content=NUMBERS.format(count=11))
        assert reply.headers["x-row-limit"] == "10"
        assert len(reply.text.splitlines()) == 11


def test_more_bytes_than_the_limit_are_cut_between_rows_or_refused(world: World) -> None:
    with desk(world.settings.model_copy(update={"sql_bytes": 2000}), None) as client:
        cut = client.post("/sql", content=NUMBERS.format(count=1000)).json()
        assert cut["truncated"] is True
        assert cut["data"][-1]["t"] == f"text {cut['rows'] - 1}"
        refused = client.post("/sql?format=csv", content=NUMBERS.format(count=1000))
        assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (400, "sql-too-large")


def test_a_large_answer_begins_before_it_is_whole_and_is_whole(world: World) -> None:
    with world.client.stream("POST", "/sql", content=NUMBERS.format(count=300_000)) as reply:
        assert "content-length" not in reply.headers
        found = json.loads(b"".join(reply.iter_raw()))
    assert found["rows"] == len(found["data"]) == 300_000
    assert [row["t"] for row in found["data"][::50_000]] == [f"text {n}" for n in range(0, 300_000, 50_000)]


@pytest.mark.parametrize("shape", ["json", "csv"])
def test_a_failure_in_the_middle_breaks_the_answer_off(world: World, shape: str) -> None:
    numbers = "(SELECT arrayJoin(range(1000)) AS {name}) AS {name}"
    tables = f"{numbers.format(name='a')}, {numbers.format(name='b')}"
    sql = f"SELECT intDiv(1000000000000, toInt64(a.a * 1000 + b.b != 900000)) AS n FROM {tables}"
    with world.client.stream("POST", f"/sql?format={shape}", content=sql) as reply:
        assert reply.status_code == 200, reply.read()
        with pytest.raises(httpx.RemoteProtocolError):
            list(reply.iter_raw())


def test_a_client_that_leaves_ends_its_query(world: World) -> None:
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(world.client.base_url.join("/api/v1/sql"), content=ENDLESS, timeout=httpx.Timeout(60, read=0.7))
    began = time.monotonic()
    while world.database.value("SELECT count() FROM system.processes") > 1:
        assert time.monotonic() - began < 15, "the query goes on"  # alone, it may for 25
        time.sleep(0.02)


def test_queries_beyond_the_places_are_told_when_to_come_again(world: World) -> None:
    settings = world.settings.model_copy(update={"sql_concurrency": 1, "sql_seconds": 20})
    long = "SELECT cityHash64(a.title, b.title, c.title) AS h FROM episodes AS a, episodes AS b, episodes AS c"
    with desk(settings, None) as client, httpx.Client(base_url=client.base_url, timeout=90) as other:
        with client.stream("POST", "/sql?format=csv", content=long) as reply:
            assert reply.status_code == 200
            busy = other.post("/sql", content="SELECT 1")
        assert (busy.status_code, busy.headers["retry-after"]) == (503, "1")
        assert busy.json()["type"].endswith("sql-busy")
        deadline = time.monotonic() + 60
        while other.post("/sql", content="SELECT 1").status_code == 503:
            assert time.monotonic() < deadline, "the place is never given back"
            time.sleep(0.05)
