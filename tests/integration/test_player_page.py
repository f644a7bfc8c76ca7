"""The built page in a real browser, under its own Content-Security-Policy."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra import clock
from infra.objects import S3Store
from infra.settings import Settings
from schemas.facts import MediaConfigured
from tests.accepted_facts import accepted
from tests.footage import Footage, Shape, record
from tests.integration.recording import wait_for
from tests.integration.served import TOKEN, served
from tests.integration.test_player import CHROMIUM, FLAGS
from tests.memory_archive import MemoryArchive
from tests.memory_episodes import MemoryEpisodes

pytestmark = pytest.mark.alone

BUILT = Path(__file__).parents[2] / "web" / "dist" / "index.html"


class Shown(MemoryArchive):
    """Footage and the marks on it."""

    def __init__(self) -> None:
        super().__init__()
        self.marks = MemoryEpisodes()


@pytest.fixture
def shown(stack: Settings) -> Iterator[tuple[httpx.Client, MemoryArchive, Callable[[list[Footage]], None]]]:
    if not BUILT.is_file():
        pytest.skip("the page is not built (cd web && npm ci && npm run build)")
    archive, store = Shown(), S3Store(stack)
    store.ensure_bucket()

    def keep(footage: list[Footage]) -> None:
        for fact, data in footage:
            store.put(fact.object_key, data, "video/mp4")
            archive.facts.append(fact)

    with served(stack, store, archive, episodes=archive.marks) as client:
        yield client, archive, keep


@pytest.fixture
def page() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed (Debian: chromium)")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        opened = browser.new_page(viewport={"width": 1200, "height": 760})
        opened.set_default_timeout(20_000)
        yield opened
        browser.close()


def test_a_person_signs_in_chooses_a_camera_and_watches(shown: Any, page: Any) -> None:
    client, archive, keep = shown
    began = clock.now_ms() - 600_000
    for name in ("door", "tył"):
        archive.configs[name] = MediaConfigured(media=name, observed_ms=1)
        keep(record(Shape(media=name, start_ms=began, seconds=8)))
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)

    page.goto(str(client.base_url).removesuffix("api/v1/"))
    page.fill("#token", "wrong")
    page.click("#login button")
    page.wait_for_selector("#login-error:has-text('wrong')")
    problems.clear()  # the browser journals the 401 itself
    page.fill("#token", TOKEN)
    page.click("#login button")
    page.click("button.camera:has-text('tył')")
    assert page.inner_text("#title") == "tył"
    wait_for(lambda: page.evaluate("document.getElementById('video').currentTime") > 1)
    assert page.inner_text("#clock")
    assert not problems


def test_a_token_in_the_address_signs_in_and_leaves_it(shown: Any, page: Any) -> None:
    client, archive, _ = shown
    archive.configs["door"] = MediaConfigured(media="door", observed_ms=1, title="Front door")
    page.goto(f"{str(client.base_url).removesuffix('api/v1/')}#token={TOKEN}")
    page.wait_for_selector("button.camera:has-text('Front door')")
    assert TOKEN not in page.url


def test_marks_are_listed_by_name_and_play_where_they_begin(shown: Any, page: Any) -> None:
    client, archive, keep = shown
    began = clock.now_ms() - 600_000
    archive.configs["door"] = MediaConfigured(media="door", observed_ms=1)
    keep(record(Shape(media="door", start_ms=began, seconds=8)))
    fields = {"media": "door", "episode_id": (1 << 64) - 1, "opened_at": began + 2000, "updated_at": began + 4000}
    archive.marks.accept(accepted(title="A <b>white</b> van", episode_type="vehicle", **fields))
    for more in range(40):  # more than fit side by side
        archive.marks.accept(accepted(title="Another one that passed", **fields | {"episode_id": more}))
    page.goto(f"{str(client.base_url).removesuffix('api/v1/')}#token={TOKEN}")
    page.click("button.mark:has-text('A <b>white</b> van · vehicle')")
    marks = page.eval_on_selector_all("button.mark", "found => found.map(one => one.title)")
    assert any("18446744073709551615" in title for title in marks)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wait_for(lambda: page.evaluate("document.getElementById('video').currentTime") > 0)
    there = page.evaluate("document.getElementById('timeline').clientWidth") * 3_535 / 3_600  # of the hour shown
    page.hover("#timeline", position={"x": there, "y": 30})
    page.wait_for_selector("#hover-text:has-text('white')")
