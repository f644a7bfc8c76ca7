"""The page's own tests: what it computes, without a browser."""

import shutil
import subprocess
from pathlib import Path

import pytest

WEB = Path(__file__).parents[3] / "web"
VITEST = WEB / "node_modules" / "vitest" / "vitest.mjs"


def test_what_the_page_computes_holds() -> None:
    node = shutil.which("node")
    if not node or not VITEST.is_file():
        pytest.skip("the page's tools are not installed (cd web && npm ci)")
    done = subprocess.run([node, VITEST, "run", "--no-color"], cwd=WEB, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
