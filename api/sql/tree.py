"""The syntax tree of a statement, from the engine's own dump (``EXPLAIN AST``), and the allow-list laid over it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from api.sql import allowed
from api.sql.refusal import Refused

_LINE = re.compile(r"(?P<blank> *)(?P<kind>\S+)(?: (?P<said>.*?))??(?: \(children \d+\))?")
_ALIAS = re.compile(r" \(alias .*\)$")
_CASTS = frozenset({"cast", "_cast"})
"""The second is what the engine makes of a bound list."""
_MEMBERSHIP = frozenset({"in", "notin", "globalin", "globalnotin"})
"""Functions whose second argument could be the bare name of a table, or an array that takes minutes to turn."""
_COLUMNS_NAMED_SO = frozenset({"version", "hostname"})
"""Public columns that share their name with a function; as functions they take nothing and so read nothing."""


class Known(NamedTuple):
    """What the database holds beside what a caller may use, in the names that a statement could say."""

    tables: frozenset[str]
    """Tables of the database that are not public. Any other bare name after FROM is a public table, a name that the
    statement gives itself, or nothing."""
    functions: frozenset[str]
    """Every function of the engine, in small letters."""


@dataclass(slots=True)
class Node:
    """One node: its kind, what the dump says of it without the alias, and its children in order."""

    kind: str
    said: str
    children: list["Node"] = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        """This node and all below it."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += node.children

    def arguments(self) -> list["Node"]:
        """Arguments of a function, in order."""
        first = self.children[0] if self.children else None
        return first.children if first is not None and first.kind == "ExpressionList" else []


def parse(dump: str) -> Node:
    """The tree. Raises Refused for a line that is no node, or a node without a parent."""
    path: list[Node] = [Node("", "")]
    for line in dump.split("\n"):
        if not line:
            continue
        found = _LINE.fullmatch(line)
        depth = len(found["blank"]) if found else len(path)
        if found is None or depth >= len(path):
            raise Refused("this statement is not understood here")
        node = Node(found["kind"], _ALIAS.sub("", " " + (found["said"] or "")).strip())
        del path[depth + 1 :]
        path[depth].children.append(node)
        path.append(node)
    return path[0]


def check(root: Node, known: Known, unlimited: bool) -> None:
    """Pass when every node stands on the allow-list. Raises Refused."""
    if [one.kind for one in root.children] != ["SelectWithUnionQuery"]:
        raise Refused("only one SELECT is allowed here, with WITH, JOIN, UNION and subqueries as you like")
    for top in root.children:
        for node in top.walk():
            _check(node, known, unlimited)


def _check(node: Node, known: Known, unlimited: bool) -> None:
    if node.kind == "Set":
        raise Refused("SETTINGS is not allowed: the limits are the service's own; leave the clause out")
    if node.kind == "SampleRatio":
        raise Refused("SAMPLE is not allowed: the views cannot be sampled")
    if node.kind not in allowed.NODES:
        raise Refused(f"{node.kind} is not allowed")
    if node.kind == "TableExpression":
        _check_source(node)
    if node.kind == "TableIdentifier":
        _check_table(node.said, known, unlimited)
    if node.kind == "Function":
        _check_function(node, known)


def _check_source(node: Node) -> None:
    """What stands after FROM or JOIN: a name or a subquery, and no function, whatever it would read."""
    for child in node.children:
        if child.kind == "Function":
            raise Refused(
                f"the table function {child.said}() is not allowed; arrayJoin(range(n)) makes rows of numbers"
            )


def _check_table(name: str, known: Known, unlimited: bool) -> None:
    if "." in name or name in known.tables:
        names = ", ".join(sorted(allowed.tables(unlimited)))
        raise Refused(f"the table {name} is not allowed; write one of these names, without a database: {names}")


def _check_function(node: Node, known: Known) -> None:
    name, arguments = node.said, node.arguments()
    if not allowed.function(name):
        raise Refused(f"the function {name}() is not allowed; docs/guide/sql.md lists those that are")
    for one in arguments:
        if one.kind == "Identifier":
            _check_name(one.said, known)
    if name.lower() in _MEMBERSHIP and not all(_is_set(one) for one in arguments[1:]):
        raise Refused("after IN stands a list of values, or a subquery: IN (SELECT column FROM name)")
    _check_sizes(name, arguments)
    if name.lower() in _CASTS and not (len(arguments) > 1 and arguments[1].kind == "Literal"):
        raise Refused("CAST is allowed only to a type that is written out")


def _check_sizes(name: str, arguments: list[Node]) -> None:
    """What a function searches for, or in, is short where its cost is the product of the two."""
    lowered = name.lower()
    subject = allowed.SUBJECT_AT.get(lowered)
    rule = f"written out or bound, with at most {allowed.LONGEST_LITERAL} characters"
    if subject is not None and not all(_is_short(one) for at, one in enumerate(arguments) if at != subject):
        raise Refused(
            f"in {name}() only the text that is searched may be an expression; what is asked of it must be {rule}"
        )
    if lowered in allowed.ONE_SHORT and not any(_is_short(one) for one in arguments):
        raise Refused(
            f"in {name}() one of both must be {rule}; arrayExists(x -> x = column, array) compares two columns"
        )


def _is_short(node: Node) -> bool:
    """True for a value that is written out, or a concatenation of such texts."""
    if node.kind == "Literal":
        return len(node.said) <= allowed.LONGEST_LITERAL
    parts = node.arguments()
    return (
        node.said in ("concat", "negate", "CAST", "_CAST")
        and len(parts) <= 8
        and all(_is_short(part) for part in parts)
    )


def _is_set(node: Node) -> bool:
    """True for what may stand after IN."""
    if node.kind in ("Literal", "Subquery"):
        return True
    makes_value = node.said in ("tuple", "array", "negate", "CAST", "_CAST") or node.said.startswith(("to", "parse"))
    return makes_value and all(_is_set(one) for one in node.arguments())


def _check_name(name: str, known: Known) -> None:
    """A bare name may be a function as well: ``arrayMap(file, …)`` calls it."""
    lowered = name.lower()
    if lowered in known.functions and lowered not in _COLUMNS_NAMED_SO and not allowed.function(name):
        raise Refused(f"{name} is a function that is not allowed; if you mean a column, give it another name")
