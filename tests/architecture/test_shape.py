"""Sizes and names: small files, small functions, words that say something."""

import ast
import re
from collections.abc import Callable
from statistics import median, quantiles

import msgspec
import pytest

from schemas import publish, topics
from tests.architecture.source import ROOT, functions, modules, tracked

MAX_FILE, MAX_FUNCTION = 500, 50
MEDIAN_FILE, MEDIAN_FUNCTION = 150, 10
HOLLOW = re.compile(r"^_?(utils?|helpers?|common|misc|managers?|domain|base|core)$")
HOLLOW_CLASS = re.compile(r"(Utils?|Helpers?|Managers?|.+Service|.+Impl)$")
PARTICIPLE = re.compile(r"^([A-Z][a-z]+)+ed$")


@pytest.mark.parametrize("path", [path for path in tracked() if path.suffix in (".py", ".sql")], ids=str)
def test_no_file_is_longer_than_500_lines(path: str) -> None:
    assert len((ROOT / path).read_text("utf-8").splitlines()) <= MAX_FILE


def test_no_function_is_longer_than_50_lines() -> None:
    python = [path for path in tracked() if path.suffix == ".py"]
    found = ((path, ast.parse((ROOT / path).read_text("utf-8"))) for path in python)
    too_long = [
        f"{path}:{node.name} has {n}" for path, tree in found for node, n in functions(tree) if n > MAX_FUNCTION
    ]
    assert too_long == []


def test_files_and_functions_are_small_on_the_whole(record_property: Callable[[str, object], None]) -> None:
    files = [module.lines for module in modules() if module.path.name != "__init__.py"]
    lengths = [length for module in modules() for _, length in functions(module.tree)]
    report = {
        "file_median": median(files), "file_p90": round(quantiles(files, n=10)[-1]),
        "function_median": median(lengths), "function_p90": round(quantiles(lengths, n=10)[-1]),
    }  # fmt: skip
    for name, value in report.items():
        record_property(name, value)
    print(report)
    assert report["file_median"] <= MEDIAN_FILE
    assert report["function_median"] <= MEDIAN_FUNCTION


def test_no_module_or_folder_has_a_hollow_name() -> None:
    names = {part for module in modules() for part in module.name.split(".")}
    assert {name for name in names if HOLLOW.match(name)} == set()


def test_no_class_has_a_hollow_name() -> None:
    classes = [node.name for module in modules() for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)]
    assert [name for name in classes if HOLLOW_CLASS.search(name)] == []


def test_every_module_class_and_public_function_says_what_it_is() -> None:
    silent = [module.name for module in modules() if not ast.get_docstring(module.tree)]
    for module in modules():
        for node in module.tree.body:
            is_public = isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.name[0] != "_"
            if is_public and not ast.get_docstring(node):  # type: ignore[arg-type]
                silent.append(f"{module.name}.{node.name}")  # type: ignore[union-attr]
    assert silent == []


@pytest.mark.parametrize("fact", topics.OF_FACT, ids=lambda fact: fact.__name__)
def test_facts_are_named_in_the_past_tense_and_tagged_in_kebab_case(fact: type) -> None:
    if fact.__name__ not in ("RecordingGap", "EpisodeRecord"):  # fixed by the contract
        assert PARTICIPLE.match(fact.__name__)
    kebab = re.sub(r"(?<!^)(?=[A-Z])", "-", fact.__name__).lower()
    assert publish.tag(fact) == kebab


@pytest.mark.parametrize("fact", [fact for fact in topics.OF_FACT if fact.__name__ != "EpisodeRecord"], ids=str)
def test_units_are_in_the_names_of_numbers(fact: type) -> None:
    shape = msgspec.inspect.type_info(fact)
    assert isinstance(shape, msgspec.inspect.StructType)
    numbers = [field.name for field in shape.fields if isinstance(field.type, msgspec.inspect.IntType)]
    named = re.compile(r"(_ms|_bytes|_px|_id|_len)$")
    assert [name for name in numbers if not named.search(name) and name not in COUNTS] == []


COUNTS = {
    "frames", "segments", "partition", "offset", "rev", "src_partition", "src_offset", "episodes", "pictures", "times",
}  # fmt: skip
"""Numbers without a unit."""


def test_every_slice_of_a_middle_folder_is_a_noun_of_the_glossary_or_plumbing() -> None:
    glossary = (ROOT / "docs" / "design" / "glossary.md").read_text("utf-8").lower()
    slices = {
        path.parts[1]
        for path in tracked()
        if path.parts[0] in ("producers", "processors", "projections") and len(path.parts) > 2
    }
    assert {name for name in slices if name.replace("_", " ").rstrip("s") not in glossary} == set()
