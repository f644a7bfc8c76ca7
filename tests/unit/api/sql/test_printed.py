"""What is read from the engine's printing of a statement."""

import pytest

from api.sql import printed
from api.sql.refusal import Refused


def test_parameters_come_out_with_their_types() -> None:
    text = "SELECT {a:UInt64}, '{no:String}', `{b:String}`\nFROM episodes\nWHERE x IN {c:Array(LowCardinality(String))}"
    assert printed.check(text) == {"a": "UInt64", "c": "Array(LowCardinality(String))"}


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1\nINTO OUTFILE 'x'",
        "SELECT 1\nFORMAT CSV",
        "SELECT 1\nSETTINGS max_threads = 1",
        "WITH RECURSIVE\n    t AS\n    (\n        SELECT 1\n    )\nSELECT 1",
        "SELECT {t:Identifier}",
        "SELECT {t:Nullable(Identifier)}",
        "SELECT {t:AggregateFunction(sum, UInt8)}",
        "SELECT CAST(x, 'SimpleAggregateFunction(sum, UInt8)')",
        "SELECT `a\\nFunction b`",
        "SELECT `a\nFunction b`",
        "SELECT 'python (os)'",
    ],
)
def test_what_the_tree_would_not_show_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        printed.check(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1 AS format",
        "SELECT\n    title AS settings,\n    `into`",
        "SELECT 'INTO OUTFILE', '\\nFORMAT CSV', 'it\\'s\\nSETTINGS x'",
        "SELECT recursive\nFROM episodes",
        "SELECT `tył`, `a b`",
    ],
)
def test_words_that_only_look_like_clauses_pass(text: str) -> None:
    assert printed.check(text) == {}


@pytest.mark.parametrize(
    ("kind", "text"),
    [("String", True), ("Nullable(String)", True), ("LowCardinality(Nullable(FixedString(3)))", True),
     ("Enum8('a' = 1)", True), ("UInt64", False), ("Array(String)", False), ("DateTime64(3, 'UTC')", False)],
)  # fmt: skip
def test_texts_are_told_from_other_types(kind: str, text: bool) -> None:
    assert printed.is_text(kind) is text
