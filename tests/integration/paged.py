"""The built page in Chromium over an API of fakes: no servers, quick, for tests that click."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.routes import page as routes
from infra.settings import Settings
from tests.integration.served import listening
from tests.integration.test_player import CHROMIUM, FLAGS
from tests.unit.api.client import TOKEN, World

WEB = Path(__file__).parents[2] / "web"
AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
PASSWORD = "correct horse 7"
SERIOUS = {"serious", "critical"}
PATIENCE_MS = 30_000
"""For one step of a page, on a machine that does three things at once."""
Go = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed (Debian: chromium)")
    with playwright.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Everything behind the API; the page is that of ``--page``, or of ``web/dist``."""
    built: Path = request.config.getoption("--page") or routes.DIST
    if not (built / "index.html").is_file():
        pytest.skip("the page is not built (cd web && npm ci && npm run build)")
    monkeypatch.setattr(routes, "DIST", built)
    made = World(settings=Settings(api_key=TOKEN, s3="http://store.invalid:9000"))
    yield made
    made.access.close()
    made.registry.close()
    made.audit.close()


@pytest.fixture
def address(world: World) -> Iterator[str]:
    """Where the page is."""
    with listening(world.app) as found:
        yield found
        world.app.state.feed.close()


@pytest.fixture
def admin(address: str) -> Iterator[httpx.Client]:
    """The API with the admin token."""
    with httpx.Client(base_url=f"{address}/api/v1", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30) as client:
        yield client


@pytest.fixture
def go(browser: Any, address: str) -> Iterator[Go]:
    """Open an address of the page in a browser of its own; fails at the end on anything that the page's journal has.

    ``token``: sign in with it; "" does not. More is for the browser's context: ``color_scheme``, ``viewport``.
    """
    contexts: list[Any] = []
    problems: list[str] = []

    def heard(message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:  # answers 4xx are expected
            problems.append(message.text)

    def opened(path: str = "/", token: str = TOKEN, **context: Any) -> Any:
        made = browser.new_context(**{"viewport": {"width": 1200, "height": 800}, "locale": "en-GB"} | context)
        contexts.append(made)
        page = made.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", heard)
        page.goto(f"{address}{path}" + (f"#token={token}" if token else ""))
        page.wait_for_selector("nav, [data-test=login], [data-test=failed]")
        return page

    yield opened
    told = list(problems)  # what a page says while it is closed, amid its loading, is no fault of it
    for one in contexts:
        one.close()
    assert not told, told


def signed_in(page: Any, login: str, password: str = PASSWORD) -> None:
    """Fill in the login and wait for the page behind it."""
    page.fill("[data-test=login-name]", login)
    page.fill("[data-test=login-password]", password)
    page.click("[data-test=login-go]")
    page.wait_for_selector("nav")


def add_user(api: httpx.Client, login: str, **fields: object) -> None:
    """A user with ``PASSWORD``."""
    api.put(f"users/{login}", json={"password": PASSWORD} | fields).raise_for_status()


def faults(page: Any) -> list[str]:
    """What axe-core finds of serious kind, each with the element it is about."""
    page.wait_for_load_state("networkidle")
    page.evaluate(AXE.read_text())
    return serious(page)


def serious(page: Any) -> list[str]:
    """The same of a page that has axe-core and waits for nothing."""
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]
