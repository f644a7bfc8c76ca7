"""The allow-list over syntax trees as the engine dumps them."""

import pytest

from api.sql import allowed, tree
from api.sql.refusal import Refused

KNOWN = tree.Known(frozenset({"dead_letters", "episode_changes"}), frozenset({"file", "lower", "version", "hostname"}))
TOP = "SelectWithUnionQuery (children 1)\n ExpressionList (children 1)\n  SelectQuery (children 2)\n"


def selecting(expression: str, table: str = "TableIdentifier episodes") -> str:
    """A dump of SELECT expression FROM table; ``expression`` starts at its own left edge."""
    column = "".join(f"    {line}\n" for line in expression.split("\n"))
    return (
        f"{TOP}   ExpressionList (children 1)\n{column}   TablesInSelectQuery (children 1)\n"
        f"    TablesInSelectQueryElement (children 1)\n     TableExpression (children 1)\n      {table}\n"
    )


def check(dump: str, unlimited: bool = False) -> None:
    tree.check(tree.parse(dump), KNOWN, unlimited)


def test_a_tree_has_its_names_without_aliases() -> None:
    root = tree.parse(selecting("Function count (alias n) (children 1)\n ExpressionList"))
    said = {node.kind: node.said for node in root.walk()}
    assert (said["Function"], said["TableIdentifier"]) == ("count", "episodes")


@pytest.mark.parametrize(
    "expression",
    [
        "Identifier title",
        "Literal 'x (alias y'",
        "Function COUNT (children 1)\n ExpressionList",
        "Function quantileExactIf (children 2)\n ExpressionList (children 1)\n  Identifier score",
        "Function in (children 1)\n ExpressionList (children 2)\n  Identifier media\n  Literal Tuple_('a', 'b')",
        "Function in (children 1)\n ExpressionList (children 2)\n  Identifier media\n  Subquery",
        "Function CAST (children 1)\n ExpressionList (children 2)\n  Identifier a\n  Literal 'UInt8'",
        "Function max (children 1)\n ExpressionList (children 1)\n  Identifier version",
        "Function has (children 1)\n ExpressionList (children 2)\n  Identifier labels\n  Literal 'x'",
    ],
)
def test_what_stands_on_the_list_passes(expression: str) -> None:
    check(selecting(expression))


@pytest.mark.parametrize(
    ("expression", "word"),
    [
        ("Function file (children 1)\n ExpressionList (children 1)\n  Literal '/etc/passwd'", "file()"),
        ("Function arrayMap (children 1)\n ExpressionList (children 2)\n  Identifier file\n  Identifier l", "file is"),
        ("Function in (children 1)\n ExpressionList (children 2)\n  Identifier a\n  Identifier system.users", "IN"),
        ("Function in (children 1)\n ExpressionList (children 2)\n  Identifier a\n  Identifier episodes", "IN"),
        ("Function CAST (children 1)\n ExpressionList (children 2)\n  Identifier a\n  Identifier b", "CAST"),
        ("Function groupArrayState (children 1)\n ExpressionList (children 1)\n  Identifier a", "groupArrayState"),
        ("Function like (children 1)\n ExpressionList (children 2)\n  Identifier a\n  Identifier b", "written out"),
        (f"Function like (children 1)\n ExpressionList (children 2)\n  Identifier a\n  Literal '{'x' * 1001}'", "1000"),
        ("ColumnsApplyTransformer", "ColumnsApplyTransformer"),
        ("Set", "SETTINGS"),
        ("SampleRatio 1 / 2", "SAMPLE"),
        ("SomethingNew", "SomethingNew"),
    ],
)
def test_what_does_not_is_refused_by_name(expression: str, word: str) -> None:
    with pytest.raises(Refused, match=word.replace("(", r"\(").replace(")", r"\)")):
        check(selecting(expression))


@pytest.mark.parametrize(
    "table",
    [
        "TableIdentifier sightlog.episodes",
        "TableIdentifier dead_letters",
        "TableIdentifier episode_changes (alias episodes)",
        "Function numbers (children 1)",
        "Function merge (alias episodes) (children 1)",
    ],
)
def test_other_tables_and_table_functions_are_refused(table: str) -> None:
    with pytest.raises(Refused):
        check(selecting("Asterisk", table))


def test_dead_letters_are_for_callers_who_may_see_everything() -> None:
    dump, known = selecting("Asterisk", "TableIdentifier dead_letters"), KNOWN._replace(tables=frozenset({"changes"}))
    tree.check(tree.parse(dump), known, unlimited=True)
    assert "dead_letters" not in allowed.tables(unlimited=False)


@pytest.mark.parametrize("dump", ["", "DescribeQuery (children 1)", "ShowTables", "InsertQuery", TOP + TOP])
def test_anything_but_one_select_is_refused(dump: str) -> None:
    with pytest.raises(Refused, match="one SELECT"):
        check(dump)


@pytest.mark.parametrize("dump", [" SelectQuery", "SelectWithUnionQuery\n   SelectQuery"])
def test_a_dump_that_is_no_tree_is_refused(dump: str) -> None:
    with pytest.raises(Refused, match="not understood"):
        check(dump)


@pytest.mark.parametrize("name", ["sumIf", "uniqExactArrayIf", "SUM", "avgOrNull", "toUInt64OrZero"])
def test_combinators_and_letters_do_not_matter(name: str) -> None:
    assert allowed.function(name)


@pytest.mark.parametrize("name", ["sumState", "sumMerge", "fileIf", "If", "sleep", "dictGetOrNull", "", "urlArray"])
def test_no_combinator_makes_a_function_allowed(name: str) -> None:
    assert allowed.function(name) is (name == "If")
