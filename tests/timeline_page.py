"""The timeline alone in a browser: the page that measures it, built, served and opened."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

WEB = Path(__file__).parents[1] / "web"
CONFIG = "src/timeline/bench/vite.config.ts"
VITE = WEB / "node_modules" / "vite" / "bin" / "vite.js"
AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
BUILD_S = 300
AT_REST = """async of => {
  for (let last, same = 0; same < 8;) {
    await new Promise(requestAnimationFrame);
    const now = JSON.stringify(of());
    [last, same] = [now, now === last ? same + 1 : 0];
  }
}"""
"""Waits until something stays the same for a while, in frames that the page paints."""
DRAWN = "() => [measured.view, measured.archive.asked.length, measured.timeline.costs().frames]"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: every request would be a line on the terminal."""


def missing() -> str:
    """What this machine lacks to open the page; empty: nothing."""
    if not VITE.is_file():
        return "the page's tools are not installed (cd web && npm ci)"
    if not CHROMIUM.exists():
        return "Chromium is not installed (Debian: chromium)"
    return "" if shutil.which("node") else "Node is not installed"


def build(folder: Path) -> None:
    """Put the page into a folder. Raises RuntimeError with what the build said."""
    node = shutil.which("node") or "node"
    words = [node, str(VITE), "build", "--config", CONFIG, "--outDir", str(folder), "--logLevel", "warn"]
    done = subprocess.run(words, cwd=WEB, capture_output=True, text=True, timeout=BUILD_S, check=False)
    if done.returncode:
        raise RuntimeError(f"the page could not be built:\n{done.stdout}{done.stderr}")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder, for as long as it is asked for."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def browsing() -> Iterator[Any]:
    """A browser of playwright."""
    from playwright import sync_api  # only who opens the page needs it

    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


def show(page: Any, address: str, query: str) -> None:
    """Open the page and wait until the archive is drawn."""
    page.goto(f"{address}?{query}")
    page.wait_for_function("window.measured && measured.archive.asked.length > 3")
    rest(page, DRAWN)


def rest(page: Any, of: str) -> None:
    """Wait until what a function of the page says stays the same."""
    page.evaluate(f"({AT_REST})({of})")
