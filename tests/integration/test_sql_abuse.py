"""Statements that try to get out, to see somebody else's rows, or to eat the machine: none may."""

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from infra.clickhouse import Database
from infra.settings import Settings
from tests.integration.recording import wait_for
from tests.integration.sql_desk import OURS, desk, fill, tables

WITHIN_S = 15.0
"""A second and a half, its end, and the patience that a busy machine wants; without a limit none would end."""
_MILLION = "(SELECT arrayJoin(range(1000000)) AS x)"
_STEPS = pairwise(["title", *"abcdefghijklmnop"])
_DOUBLED = ", ".join(f"concat({before}, {before}) AS {name}" for before, name in _STEPS)
_LONG = "arrayStringConcat(arrayMap(x -> 'ab', range(1000000)))"

NOT_ALLOWED = """
SELECT file('/etc/passwd')
SELECT arrayMap(file, ['/etc/passwd'])
SELECT arrayMap(`file`, ['/etc/passwd'])
SELECT arrayFilter(FILE, ['/etc/passwd'])
WITH x -> file(x) AS title SELECT arrayMap(title, ['/etc/passwd'])
SELECT * APPLY(file) FROM (SELECT '/etc/passwd')
SELECT COLUMNS('.*') APPLY(x -> file(x)) FROM (SELECT '/etc/passwd')
SELECT * FROM file('/etc/passwd', 'LineAsString')
SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')
SELECT * FROM s3('http://127.0.0.1:1/a/b.csv')
SELECT * FROM remote('127.0.0.1', 'system', 'one')
SELECT * FROM cluster('default', system.one)
SELECT * FROM merge('sightlog.*', '.*')
SELECT * FROM merge('sightlog', 'episodes')
SELECT * FROM mergeTreeIndex('sightlog_episodes_g1', 'episodes')
SELECT * FROM view(SELECT 1)
SELECT * FROM numbers(10)
SELECT * FROM generateRandom('a UInt8') LIMIT 1
SELECT * FROM Python(os)
SELECT 'Python(os)'
SELECT * FROM executable('id', 'TSV', 'a String')
SELECT * FROM values('a String', 'b')
SELECT * FROM dictionary('d')
SELECT * FROM loop(episodes) LIMIT 1
SELECT * FROM viewExplain('EXPLAIN', '', (SELECT 1))
SELECT * FROM (EXPLAIN SELECT 1)
SELECT * FROM (DESCRIBE TABLE episodes)
EXPLAIN SELECT 1
DESCRIBE TABLE episodes
SHOW TABLES
SELECT * FROM system.tables
SELECT * FROM system.processes
SELECT * FROM information_schema.tables
SELECT * FROM sightlog.episodes
SELECT * FROM sightlog_episodes_g1.episodes
SELECT * FROM `sightlog_episodes_g1`.`versions`
SELECT * FROM dead_letters
SELECT * FROM reprocess_runs
SELECT * FROM episode_changes
SELECT * FROM segment_extents
SELECT 1 WHERE 1 IN (WITH dead_letters AS (SELECT 1 AS media) SELECT 1) AND (SELECT count() FROM dead_letters) >= 0
SELECT 1 WHERE 1 IN episode_changes
SELECT 1 WHERE ('a', 'b') IN system.users
SELECT 1 INTO OUTFILE '/tmp/sightlog-was-here'
SELECT 1 INTO\u00a0OUTFILE '/tmp/sightlog-was-here' TRUNCATE FORMAT CSV
SELECT 1 INTO/**/OUTFILE '/tmp/sightlog-was-here'
SELECT 1 FORMAT Native
SELECT 1 SETTINGS max_memory_usage = 0
SELECT * FROM (SELECT 1 SETTINGS max_execution_time = 0)
SELECT * FROM episodes SETTINGS additional_table_filters = {}
SELECT count() FROM (SELECT * FROM episodes SETTINGS additional_table_filters = {})
SELECT 1; SELECT 2
SELECT 1; DROP VIEW sightlog.episodes
DROP VIEW episodes
INSERT INTO episodes SELECT * FROM episodes
ALTER TABLE episodes DELETE WHERE 1
CREATE TABLE t (a UInt8) ENGINE = Memory
SET readonly = 0
SET ROLE ALL
USE system
KILL QUERY WHERE 1
SYSTEM SHUTDOWN
EXECUTE AS default SELECT 1
WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT sum(n) FROM t
SELECT joinGet('sightlog.episodes', 'title', 1)
SELECT dictGet('d', 'a', 1)
SELECT getSetting('additional_table_filters')
SELECT getMacro('shard')
SELECT hostName()
SELECT version()
SELECT currentUser()
SELECT filesystemAvailable()
SELECT hasColumnInTable('sightlog_episodes_g1', 'episodes', 'title')
SELECT sleep(3)
SELECT sleepEachRow(1) FROM episodes
SELECT throwIf(1)
SELECT catboostEvaluate('/m', 1)
SELECT aiGenerate('x')
SELECT formatRow('CSV', 1)
SELECT initializeAggregation('sumState', 1)
SELECT arrayReduce('groupArrayState', [1])
SELECT finalizeAggregation(CAST('x', 'AggregateFunction(sum, UInt8)'))
SELECT CAST('x', concat('Str', 'ing'))
SELECT groupArrayState(title) FROM episodes
SELECT arrayFold((a, x) -> a + x, range(1000000), toUInt64(0))
SELECT editDistance(title, title) FROM episodes
SELECT `a\\nFunction b` FROM episodes
SELECT position(title, title) FROM episodes
SELECT hasAll(range(1000000), arrayReverse(range(1000000)))
SELECT 1 WHERE 1 IN range(1000000)
SELECT has(range(1000000), x) FROM (SELECT arrayJoin(range(1000000)) AS x)
SELECT JSONExtractRaw(title, title) FROM episodes
""".strip().split("\n")

TOO_MUCH = {
    "cross join": "SELECT count() FROM episodes AS a, episodes AS b, episodes AS c, episodes AS d",
    "cross join as a scalar": "SELECT (SELECT count() FROM episodes AS a, episodes AS b, episodes AS c, episodes AS d)",
    "cross join in IN": "SELECT 1 WHERE 1 IN (SELECT a.version FROM episodes AS a, episodes AS b, episodes AS c)"
    " AND (SELECT count() FROM segments AS a, segments AS b, segments AS c, episodes AS d) > 0",
    "sort by random": f"SELECT * FROM {_MILLION} AS a, (SELECT arrayJoin(range(1000)) AS y) AS b ORDER BY rand()",
    "group by random": f"SELECT rand64() AS r, count() FROM {_MILLION} AS a, (SELECT arrayJoin(range(1000)) AS y) AS b"
    " GROUP BY r",
    "one array of all": f"SELECT groupArray(x) FROM {_MILLION} AS a, (SELECT arrayJoin(range(1000)) AS y) AS b",
    "a series without end": "SELECT x FROM (SELECT 1 AS x) ORDER BY x WITH FILL FROM 0 TO 1000000000000",
    "a sum over such a series": "SELECT sum(x) FROM (SELECT 1 AS x ORDER BY x WITH FILL FROM 0 TO 1000000000000)",
    "a range too long": "SELECT arrayJoin(range(1000000000))",
    "arrays of arrays": "SELECT arrayMap(x -> arrayMap(y -> range(1000), range(1000)), range(1000))",
    "an array to fill memory": "SELECT arrayResize([1], 1000000000)",
    "a quadratic window": "SELECT max(m) FROM (SELECT max(x) OVER (ORDER BY x ROWS BETWEEN 1000000 PRECEDING AND"
    f" 1000000 FOLLOWING) AS m FROM {_MILLION} AS a, (SELECT arrayJoin([1, 2, 3]) AS y) AS b)",
    "exact distinct of everything": "SELECT uniqExact(a.title, b.title, c.title, d.title)"
    " FROM episodes AS a, episodes AS b, episodes AS c, episodes AS d",
    "a text that doubles": f"WITH {_DOUBLED} SELECT length(p) FROM episodes",
    "texts for every row": f"SELECT concat({_LONG}, toString(x)) FROM {_MILLION}",
    "a regular expression with many states": f"SELECT count() FROM {_MILLION} AS a,"
    " (SELECT arrayJoin(range(1000)) AS y) AS b WHERE match(toString(cityHash64(x, y)), '(1|2)*1"
    + "(1|2)" * 10
    + "3')",
    "a deep statement": "SELECT " + "(" * 400 + "1" + ")" * 400 + " + " + "+".join(["1"] * 20_000),
    "subqueries in subqueries": "SELECT * FROM (" * 80 + "SELECT 1" + ")" * 80,
}  # fmt: skip


class World(NamedTuple):
    """One engine with rows of two owners."""

    settings: Settings
    database: Database
    everything: httpx.Client
    ours: httpx.Client


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with tables(tmp_path_factory.mktemp("abuse"), sql_seconds=1.5) as (settings, database):
        fill(settings, database)
        with desk(settings, None) as everything, desk(settings, OURS) as ours:
            yield World(settings, database, everything, ours)


@pytest.mark.parametrize("sql", NOT_ALLOWED)
def test_what_is_not_on_the_list_is_refused_and_says_so(world: World, sql: str) -> None:
    began = time.monotonic()
    reply = world.ours.post("/sql", content=sql)
    assert time.monotonic() - began < WITHIN_S
    assert reply.status_code in (400, 403), reply.text[:300]
    problem = reply.json()
    assert problem["type"].rpartition(":")[2] in ("sql-not-allowed", "bad-sql", "bad-parameter")
    assert problem["detail"]
    assert "root:" not in reply.text
    assert "SECRET" not in reply.text


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_takes_too_much_ends_in_time_and_leaves_the_engine_well(world: World, name: str) -> None:
    began = time.monotonic()
    reply = world.everything.post("/sql", content=TOO_MUCH[name])
    assert time.monotonic() - began < WITHIN_S
    assert reply.status_code == 400, reply.text[:300]
    kind = reply.json()["type"].rpartition(":")[2]
    assert kind in ("sql-too-slow", "sql-too-much-memory", "sql-too-complex", "bad-sql")
    settle(world)
    plain = "SELECT count() AS n FROM episodes"
    wait_for(lambda: world.everything.post("/sql", content=plain).json().get("data") == [{"n": "1200"}])


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM file('/etc/passwd', 'LineAsString')",
        "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
        "SELECT * FROM remote('127.0.0.1', 'system', 'one')",
        "SELECT * FROM mergeTreeIndex('sightlog_episodes_g1', 'episodes')",
        "SELECT * FROM sightlog_episodes_g1.episodes",
        "SELECT * FROM system.users",
        "SELECT 1 INTO\u00a0OUTFILE '/tmp/sightlog-was-here'",
        "INSERT INTO sightlog_episodes_g1.ids SELECT 1, 'a', now()",
        "DROP VIEW sightlog.episodes",
        "SET ROLE ALL",
    ],
)
def test_the_engine_itself_holds_the_reader_where_nobody_looks_at_the_statement(world: World, sql: str) -> None:
    reply = httpx.post(world.settings.clickhouse, params={"user": "reader"}, content=sql, timeout=60)
    assert reply.status_code >= 400
    assert any(name in reply.text for name in ("ACCESS_DENIED", "READONLY", "SYNTAX_ERROR")), reply.text
    assert not Path("/tmp/sightlog-was-here").exists()


def test_the_reader_reads_the_public_names(world: World) -> None:
    reply = httpx.post(world.settings.sql_clickhouse, content="SELECT count() FROM sightlog.episodes", timeout=60)
    assert reply.text == "1200\n"


def settle(world: World) -> None:
    """Wait until the engine works for nobody."""
    deadline = time.monotonic() + 60
    while world.database.value("SELECT count() FROM system.processes") > 1:
        assert time.monotonic() < deadline, "a query goes on after its caller was answered"
        time.sleep(0.05)
