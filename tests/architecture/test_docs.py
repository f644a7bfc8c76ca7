"""Documents that cannot rot: what exists is documented, what is documented exists."""

import ast
import importlib.util
import re
from functools import cache
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import pytest

from tests.architecture.source import ROOT, modules, tracked

DOCS = ROOT / "docs"
REF = DOCS / "ref"
MARKDOWN = [path for path in tracked() if path.suffix == ".md"]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
CREATED = re.compile(r"CREATE (?:OR REPLACE )?(TABLE|VIEW) (?:IF NOT EXISTS )?\{(?:db|public)\}\.(\w+)")
VERBS = {"get", "post", "put", "delete", "patch"}


@cache
def page(name: str) -> str:
    return (REF / name).read_text("utf-8")


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["settings.md", "topics.md", "facts.md", "commands.md"])
def test_generated_pages_are_up_to_date(name: str) -> None:
    assert load(DOCS / "generate.py").pages()[name] == page(name), "run `make docs`"


def tables() -> list[tuple[str, str]]:
    """(projection, name) of every table and view of every projection."""
    files = [path for path in tracked() if path.parts[0] == "projections" and path.name in ("table.sql", "view.sql")]
    return [(path.parts[1], name) for path in files for _, name in CREATED.findall((ROOT / path).read_text("utf-8"))]


@pytest.mark.parametrize(("projection", "name"), tables())
def test_every_table_and_view_is_documented(projection: str, name: str) -> None:
    assert re.search(rf"`{name}`|^#+ `?{name}`?$", page("tables.md"), re.MULTILINE), (
        f"docs/ref/tables.md lacks `{name}` of projections/{projection}"
    )


def routes() -> list[tuple[str, str]]:
    """(method, path below /api/v1) of every route of the API."""
    found = []
    for module in modules():
        if module.name.startswith("api."):
            for node in ast.walk(module.tree):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    found += [route for each in node.decorator_list if (route := _route(each))]
    return found


def _route(decorator: ast.expr) -> tuple[str, str] | None:
    match decorator:
        case ast.Call(func=ast.Attribute(attr=verb), args=[ast.Constant(value=str(path)), *_]) if verb in VERBS:
            return verb.upper(), path
    return None


@pytest.mark.parametrize(("method", "path"), routes())
def test_every_route_is_documented(method: str, path: str) -> None:
    lines = [line for line in page("http.md").splitlines() if method in line]
    assert any(re.search(rf"{re.escape(path)}(?![\w/{{])", line) for line in lines), (
        f"docs/ref/http.md lacks {method} {path}"
    )


def test_every_decision_is_listed_and_numbered_once() -> None:
    files = sorted(path.name for path in (DOCS / "decisions").glob("[0-9]*.md"))
    listed = re.findall(r"\((\d{4}-[\w-]+\.md)\)", (DOCS / "decisions" / "README.md").read_text("utf-8"))
    assert listed == files
    assert len({name[:4] for name in files}) == len(files)


@pytest.mark.parametrize("path", sorted((DOCS / "decisions").glob("[0-9]*.md")), ids=lambda path: path.stem)
def test_a_decision_says_context_decision_and_consequences(path: Path) -> None:
    headings = re.findall(r"^## (.+)$", path.read_text("utf-8"), re.MULTILINE)
    assert headings[:3] == ["Context", "Decision", "Consequences"]


@pytest.mark.parametrize("path", MARKDOWN, ids=str)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    broken = []
    for target in LINK.findall((ROOT / path).read_text("utf-8")):
        file, _, anchor = target.partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        goal = (ROOT / path).parent / unquote(file) if file else ROOT / path
        if not goal.exists() or (anchor and anchor not in anchors(goal)):
            broken.append(target)
    assert broken == []


def anchors(document: Path) -> set[str]:
    """The anchors of a Markdown file's headings."""
    headings = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_document_can_be_found_from_the_index() -> None:
    index = (DOCS / "README.md").read_text("utf-8")
    linked = {(DOCS / target.partition("#")[0]).resolve() for target in LINK.findall(index)}
    folders = [path for path in MARKDOWN if path.parts[0] == "docs" and path != Path("docs/README.md")]
    inside = [path for path in folders if path.parts[1] != "decisions"]
    assert [str(path) for path in inside if (ROOT / path).resolve() not in linked] == []


@cache
def names_of_tests() -> frozenset[str]:
    python = [ROOT / path for path in tracked() if path.parts[0] == "tests" and path.suffix == ".py"]
    return frozenset(name for path in python for name in re.findall(r"def (test_\w+)", path.read_text("utf-8")))


@pytest.mark.parametrize("path", MARKDOWN, ids=str)
def test_every_test_that_a_document_names_exists(path: Path) -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / path).read_text("utf-8")))
    assert named - names_of_tests() == set()


@pytest.mark.parametrize("path", sorted((DOCS / "design").glob("*.md")), ids=lambda path: path.stem)
def test_a_design_says_what_must_hold_and_which_test_holds_it(path: Path) -> None:
    text = path.read_text("utf-8")
    if path.stem == "glossary":
        return
    assert "Status: " in text
    headings = set(re.findall(r"^## (.+)$", text, re.MULTILINE))
    assert {"Objective", "Non-goals", "Invariants", "Alternatives"} <= headings
    invariants = re.search(r"^## Invariants\n(.*?)(?=^## )", text, re.MULTILINE | re.DOTALL)
    assert invariants
    numbered = re.findall(r"^\d+\. .*(?:\n(?!\d+\. |\n).*)*", invariants[1], re.MULTILINE)
    assert numbered
    assert [line for line in numbered if "`test_" not in line] == []


@pytest.mark.parametrize("path", MARKDOWN, ids=str)
def test_every_file_that_a_document_names_exists(path: Path) -> None:
    """Paths in backticks that start with a folder of ours."""
    named = re.findall(
        r"`((?:schemas|infra|producers|processors|projections|api|cli|docs|tests|bench)/[\w./-]+)`",
        (ROOT / path).read_text("utf-8"),
    )
    gone = [name for name in named if not (ROOT / name).exists()]
    assert gone == []


@pytest.mark.parametrize("path", MARKDOWN, ids=str)
def test_no_document_promises_a_command_or_setting_that_does_not_exist(path: Path) -> None:
    text = (ROOT / path).read_text("utf-8")
    commands = set(re.findall(r"^## sightlog (\w+)", page("commands.md"), re.MULTILINE))
    promised = set(re.findall(r"(?:^|`|bin/)sightlog ([a-z]+)", text, re.MULTILINE))
    settings = set(re.findall(r"SIGHTLOG_[A-Z0-9_]+", page("settings.md"))) | {"SIGHTLOG_CONFIG"}
    assert promised - commands == set()
    assert set(re.findall(r"SIGHTLOG_[A-Z0-9]+(?:_[A-Z0-9]+)*", text)) - settings == set()
