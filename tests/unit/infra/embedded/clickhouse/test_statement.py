"""What the door sees in SQL."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.embedded.clickhouse import statement
from infra.embedded.clickhouse.errors import EngineError


@pytest.mark.parametrize(
    ("sql", "target", "name", "rows"),
    [
        pytest.param(b"INSERT INTO t FORMAT JSONEachRow\n{}", "INSERT INTO t ", "JSONEachRow", b"{}", id="newline"),
        pytest.param(b"insert into t format CSV 1,2", "insert into t ", "CSV", b"1,2", id="same line"),
        pytest.param(b"INSERT INTO t(a) VALUES (1)", "INSERT INTO t(a) ", "Values", b" (1)", id="values"),
        pytest.param(b"INSERT INTO t FORMAT Native\n\x00\xff", "INSERT INTO t ", "Native", b"\x00\xff", id="binary"),
        pytest.param(b"INSERT INTO t FORMAT CSV\n\n1", "INSERT INTO t ", "CSV", b"\n1", id="one newline is eaten"),
        pytest.param(
            b"/* x */ INSERT INTO `format` SETTINGS a=1 FORMAT TSV\n1",
            "/* x */ INSERT INTO `format` SETTINGS a=1 ", "TSV", b"1", id="settings, quoted table",
        ),
        pytest.param(b"INSERT INTO db.values FORMAT TSV\n1", "INSERT INTO db.values ", "TSV", b"1", id="odd table"),
        pytest.param(b"INSERT INTO t (`FORMAT`) VALUES", "INSERT INTO t (`FORMAT`) ", "Values", b"", id="odd column"),
        pytest.param(b"INSERT INTO t (a)", "INSERT INTO t (a)", "Values", b"", id="no format"),
    ],
)  # fmt: skip
def test_the_rows_of_an_insert_begin_behind_its_format(sql: bytes, target: str, name: str, rows: bytes) -> None:
    found = statement.insert(sql)
    assert found is not None
    assert (found.target, found.format, sql[found.data_start :]) == (target, name, rows)


@pytest.mark.parametrize(
    "sql",
    [b"SELECT 1", b"INSERT INTO t SELECT 1", b"INSERT INTO t (a) (SELECT 1)", b"INSERT INTO t WITH 1 AS x SELECT x"],
)
def test_statements_without_rows_are_no_inserts(sql: bytes) -> None:
    assert statement.insert(sql) is None


@given(st.binary(max_size=200))
def test_rows_of_any_bytes_are_left_alone(rows: bytes) -> None:
    sql = b"INSERT INTO t FORMAT RowBinary\n" + rows
    found = statement.insert(sql)
    assert found is not None
    assert sql[found.data_start :] == rows


@pytest.mark.parametrize(
    ("sql", "into"),
    [
        pytest.param("SELECT 1", "SELECT 1 >P TSV< ", id="plain"),
        pytest.param("SELECT 1;\n", "SELECT 1 >P TSV< ", id="semicolon"),
        pytest.param("SELECT 1 -- end", "SELECT 1 >P TSV< ", id="comment at the end"),
        pytest.param("SELECT 1 FORMAT JSON", "SELECT 1  >P JSON< ", id="own format"),
        pytest.param("SELECT 'ü' FORMAT JSON SETTINGS a=1", "SELECT 'ü'  >P JSON<  SETTINGS a=1", id="settings behind"),
        pytest.param("SELECT 'x FORMAT y'", "SELECT 'x FORMAT y' >P TSV< ", id="format in a string"),
        pytest.param("SELECT format FROM t", "SELECT format FROM t >P TSV< ", id="format as a column"),
        pytest.param("(SELECT 1 AS format) FORMAT CSV", "(SELECT 1 AS format)  >P CSV< ", id="brackets"),
    ],
)
def test_a_read_is_told_where_its_result_goes(sql: str, into: str) -> None:
    query = statement.query(sql.encode())
    assert query.reads
    clause = query.into("P", "TSV", "none")
    for name in ("TSV", "JSON", "CSV"):
        clause = clause.replace(f"\nINTO OUTFILE 'P' TRUNCATE COMPRESSION 'none' FORMAT {name}", f" >P {name}<")
    assert clause == into


@pytest.mark.parametrize("sql", ["SHOW TABLES", "CREATE TABLE t (a Int) ENGINE=Log", "DESCRIBE t", "EXPLAIN SELECT 1"])
def test_other_statements_are_run_as_they_are(sql: str) -> None:
    query = statement.query(sql.encode())
    assert not query.reads
    assert query.sql == sql


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        pytest.param(b"SELECT 1; SELECT 2", 62, id="two statements"),
        pytest.param(b"  -- nothing", 62, id="empty"),
        pytest.param(b"SELECT 1 INTO OUTFILE '/etc/x'", 80, id="writes a file of this machine"),
        pytest.param(b"SHOW TABLES INTO OUTFILE '/etc/x'", 80, id="show writes a file"),
    ],
)
def test_what_a_server_refuses_is_refused(sql: bytes, code: int) -> None:
    with pytest.raises(EngineError) as caught:
        statement.query(sql)
    assert caught.value.code == code


def test_an_insert_may_not_read_a_file_of_this_machine() -> None:
    with pytest.raises(EngineError, match="send the data"):
        statement.insert(b"INSERT INTO t FROM INFILE '/etc/passwd' FORMAT CSV")


def test_a_query_is_killed_by_the_id_its_client_gave_it() -> None:
    killed = statement.query(b"KILL QUERY WHERE query_id = 'query_id' ASYNC;").sql
    assert killed == "KILL QUERY WHERE Settings['log_comment'] = 'query_id' ASYNC"


def test_rows_for_input_are_refused_because_the_engine_would_drop_them() -> None:
    with pytest.raises(EngineError, match="Null table"):
        statement.query(b"INSERT INTO t SELECT * FROM input('a String') FORMAT CSV\nx;y\n")


@given(st.text(max_size=80))
def test_tokens_cover_any_text_in_order(text: str) -> None:
    found = list(statement.tokens(text))
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(text[one.start : one.end] == one.text for one in found)
