"""The source tree as data, for the tests of this folder."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGES = ("schemas", "infra", "producers", "processors", "projections", "api", "cli")

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


class Module(NamedTuple):
    """One Python file of the seven packages."""

    path: Path
    tree: ast.Module
    lines: int

    @property
    def name(self) -> str:
        return ".".join(self.path.with_suffix("").relative_to(ROOT).parts).removesuffix(".__init__")


@cache
def modules() -> tuple[Module, ...]:
    return tuple(_read(path) for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))


@cache
def tracked() -> tuple[Path, ...]:
    """Every file git knows or would add, as paths from the root."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    found = (Path(name) for name in listing.stdout.decode().split("\0") if name)
    return tuple(path for path in found if (ROOT / path).is_file())


def functions(tree: ast.Module) -> Iterator[tuple[FunctionNode, int]]:
    """Every function with its length in lines, docstring not counted."""
    for node in ast.walk(tree):
        if isinstance(node, FunctionNode):
            yield node, _length(node)


def calls_and_names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Dotted names as they are read anywhere in the file (``os.environ``, ``time.time``), with their lines."""
    imported = dict(_imports(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and (dotted := _dotted(node)):
            head, _, rest = dotted.partition(".")
            yield imported.get(head, head) + (f".{rest}" if rest else ""), node.lineno


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Local name → the dotted name it stands for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                whole, first = alias.name, alias.name.split(".")[0]
                yield (alias.asname, whole) if alias.asname else (first, first)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        base = _dotted(node.value)
        return f"{base}.{node.attr}" if base else ""
    return node.id if isinstance(node, ast.Name) else ""


def _length(node: FunctionNode) -> int:
    docstring = ast.get_docstring(node, clean=False)
    first = node.body[0]
    documented = (first.end_lineno or first.lineno) - first.lineno + 1 if docstring is not None else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - documented


def _read(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    return Module(path, ast.parse(text), len(text.splitlines()))
