"""The page's build hook: it never fails an installation, and builds only when needed."""

import os
from importlib import util
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def hook() -> Any:
    pytest.importorskip("hatchling")
    spec = util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec
    assert spec.loader
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "name", ["package.json", "src/main.ts", "src/pages/users/Page.svelte", "public/icons/icon.svg"]
)
def test_a_page_older_than_any_of_its_sources_is_built_again(hook: Any, tmp_path: Path, name: str) -> None:
    source, built = tmp_path / name, tmp_path / "dist" / "index.html"
    for one in (source, built):
        one.parent.mkdir(parents=True, exist_ok=True)
    source.write_text("")
    assert not hook._is_fresh(tmp_path)
    built.write_text("")
    os.utime(source, (1, 1))
    assert hook._is_fresh(tmp_path)
    os.utime(source, (4_000_000_000, 4_000_000_000))
    assert not hook._is_fresh(tmp_path)


def test_node_is_asked_of_the_registry_only_where_npm_is_missing(hook: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin = object.__new__(hook.PageHook)
    monkeypatch.setattr(hook.shutil, "which", lambda *_, **__: "/usr/bin/npm")
    assert plugin.dependencies() == []
    monkeypatch.setattr(hook.shutil, "which", lambda *_, **__: None)
    assert plugin.dependencies() == [hook.NODE]
