"""How answers are made: rows into JSON, values into parameters, bytes through a file, words of the engine."""

import asyncio
import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import Problem
from api.sql import allowed, bound, failures, limits, shapes
from api.sql.spool import Spool
from infra.clickhouse import DatabaseError
from infra.settings import Settings

ROWS = st.lists(st.fixed_dictionaries({"a": st.text(max_size=9)}), max_size=12)


@given(rows=ROWS, most=st.integers(0, 12), cuts=st.lists(st.integers(0, 400), max_size=6))
def test_rows_become_one_document_however_they_arrive(rows: list[dict[str, str]], most: int, cuts: list[int]) -> None:
    lines = b"".join(json.dumps(row).encode() + b"\n" for row in rows[: most + 1])
    dressing = shapes.dressing("json", most, 1 << 20)
    ends = sorted({0, len(lines), *(cut for cut in cuts if cut < len(lines))})
    pieces = [lines[start:stop] for start, stop in pairwise(ends)]
    found = json.loads(b"".join([*map(dressing.piece, pieces), dressing.end()]))
    assert found == {"data": rows[:most], "rows": len(rows[:most]), "truncated": len(rows) > most}


@given(rows=ROWS, most_bytes=st.integers(0, 200))
def test_json_never_grows_past_its_bytes_and_stays_a_document(rows: list[dict[str, str]], most_bytes: int) -> None:
    dressing = shapes.dressing("json", 100, most_bytes)
    body = b"".join(dressing.piece(json.dumps(row).encode() + b"\n") for row in rows) + dressing.end()
    found = json.loads(body)
    assert found["data"] == rows[: found["rows"]]
    assert found["truncated"] is (found["rows"] < len(rows))
    assert len(body) <= most_bytes + 80


def test_other_formats_pass_unchanged_until_they_are_too_large() -> None:
    dressing = shapes.dressing("csv", 1, 4)
    assert dressing.piece(b"abcd") == b"abcd"
    with pytest.raises(shapes.TooLarge):
        dressing.piece(b"e")


def test_values_are_written_as_the_engine_reads_them() -> None:
    types = {
        "a": "String",
        "b": "Array(String)",
        "c": "Nullable(UInt8)",
        "d": "Bool",
        "e": "Array(String)",
        "f": "UInt64",
    }
    given_ = {"a": "x\\n\ty", "b": ["it's", "\\"], "c": None, "d": True, "e": "['x']", "f": 18446744073709551615}
    assert bound.values(types, given_) == {
        "a": "x\\\\n\\ty", "b": "['it\\'s', '\\\\']", "c": "\\N", "d": "true", "e": "['x']",
        "f": "18446744073709551615",
    }  # fmt: skip


def test_every_name_without_its_counterpart_is_told() -> None:
    with pytest.raises(Problem) as raised:
        bound.values({"a": "UInt8"}, {"b": 1, "c": 2})
    assert [error["field"] for error in raised.value.errors] == ["param_a", "param_b", "param_c"]


def test_rows_are_held_to_the_cameras_of_the_caller() -> None:
    settings = Settings(database="mine")
    assert "additional_table_filters" not in limits.of(settings, None)
    held = limits.of(settings, {"it's", "a"})["additional_table_filters"]
    assert "'mine.episodes': 'media IN (\\'a\\', \\'it\\\\\\'s\\')'" in held
    assert held.count("media IN") == len(allowed.TABLES)
    assert "'mine.media': '0'" in limits.of(settings, ())["additional_table_filters"]


@pytest.mark.parametrize(
    ("code", "status", "name"),
    [(159, 400, "sql-too-slow"), (241, 400, "sql-too-much-memory"), (168, 400, "sql-too-complex"),
     (497, 403, "sql-not-allowed"), (202, 503, "sql-busy"), (62, 400, "bad-sql")],
)  # fmt: skip
def test_errors_of_the_engine_have_names_of_ours(code: int, status: int, name: str) -> None:
    words = "Unknown thing `x`. Maybe you meant: ['secret.table']. (WHAT)"
    text = f"Code: 1. DB::Exception: {words} (version 26.9 (official build))"
    problem = failures.problem(DatabaseError(text, code), 4, 1 << 28)
    assert (problem.status, problem.name) == (status, name)
    assert "secret" not in problem.detail
    assert "version" not in problem.detail


def test_an_error_that_is_our_fault_stays_one() -> None:
    with pytest.raises(DatabaseError):
        failures.problem(DatabaseError("Unknown setting", 115), 4, 1)


def test_a_spool_is_read_while_it_is_written() -> None:
    async def through() -> bytes:
        spool = Spool()

        async def write() -> None:
            for number in range(50):
                spool.write(bytes([number]) * 20_000)
                await asyncio.sleep(0)
            spool.end()

        writing = asyncio.create_task(write())
        await spool.begun(100_000)
        assert not spool.ended
        found = b"".join([piece async for piece in spool.pieces()])
        await writing
        spool.close()
        return found

    assert asyncio.run(through()) == b"".join(bytes([number]) * 20_000 for number in range(50))


def test_a_failure_comes_before_the_answer_or_in_place_of_its_end() -> None:
    async def early_and_late() -> None:
        early, late = Spool(), Spool()
        early.end(ValueError("early"))
        with pytest.raises(ValueError, match="early"):
            await early.begun(10)
        late.write(b"x" * 10)
        late.end(ValueError("late"))
        await late.begun(10)
        pieces = late.pieces()
        assert await anext(pieces) == b"x" * 10
        with pytest.raises(ValueError, match="late"):
            await anext(pieces)

    asyncio.run(early_and_late())
