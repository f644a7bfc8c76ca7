"""``infra.clickhouse.Database`` against the real engine."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from infra.clickhouse import Database, DatabaseError, DatabaseUnavailable
from infra.settings import Settings


@pytest.fixture
def database(stack: Settings) -> Database:
    made = Database(stack)
    made.command(f"CREATE DATABASE IF NOT EXISTS {stack.database}")
    return made


def test_rows_keep_64_bit_ids_and_utc_times(database: Database) -> None:
    row = database.one("SELECT toUInt64(18446744073709551615) AS id, toDateTime64(1.5, 3, 'UTC') AS at")
    assert row == {"id": 2**64 - 1, "at": datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=1.5)}


def test_parameters_are_bound_and_not_pasted(database: Database) -> None:
    asked = "tył'; DROP TABLE x --"
    assert database.value("SELECT {name:String}", {"name": asked}) == asked


def test_json_lines_arrive_or_are_refused_with_the_engines_code(database: Database, stack: Settings) -> None:
    table = f"{stack.database}.lines"
    database.command(f"CREATE OR REPLACE TABLE {table} (a Int64, b String) ENGINE = MergeTree ORDER BY a")
    database.insert_json(table, b'{"a":1,"b":"x"}\n{"a":2,"b":"y"}\n')
    assert database.rows(f"SELECT * FROM {table} ORDER BY a") == [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]
    with pytest.raises(DatabaseError) as refused:
        database.insert_json(table, b'{"a":"no number","b":"x"}\n')
    assert refused.value.code == 27
    assert database.value(f"SELECT count() FROM {table}") == 2


def test_a_refused_statement_and_an_absent_engine_are_told_apart(database: Database, stack: Settings) -> None:
    with pytest.raises(DatabaseError) as refused:
        database.rows("SELECT nothing_of_the_kind")
    assert refused.value.code == 47
    absent = Database(stack.model_copy(update={"clickhouse": "http://user:hunter2@127.0.0.1:9"}))
    with pytest.raises(DatabaseUnavailable, match=r"127\.0\.0\.1:9") as unavailable:
        absent.rows("SELECT 1")
    assert "hunter2" not in str(unavailable.value)
    assert not absent.ping()
    assert database.ping()


def test_threads_do_not_wait_for_one_another(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: database.value("SELECT {n:Int64} + sleep(0.1)", {"n": n}), range(16)))
    assert answers == list(range(16))
