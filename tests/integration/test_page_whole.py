"""The page over a whole running system: real footage, log, tables and object store, people with rights of their own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.routes import page as routes
from infra import clock
from tests.integration import clips, whole
from tests.integration.paged import browser
from tests.integration.recording import wait_for

__all__ = ["browser"]
PASSWORD = "correct horse 7"
PATIENCE_MS = 90_000
"""For one step of a page over a system of a dozen processes, on a machine that does three things at once."""
PLAYING = (
    "() => { const v = document.querySelector('[data-test=video]'); return v && v.currentTime > 0 && v.dataset.at; }"
)


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[whole.Whole]:
    """Two cameras that record; anna may do everything with `gate`, and knows nothing of `vault`."""
    if not (routes.DIST / "index.html").is_file():
        pytest.skip("the page is not built (cd web && npm ci && npm run build)")
    folder = tmp_path_factory.mktemp("page")
    film = clips.make(folder / "film.mp4", seconds=120, fps=10, gop=10)
    with whole.up(folder / "data") as running:
        rights = {"live": True, "archive": True, "export": True, "protect": True, "configure": False}
        put(running, "groups/front", rights)
        put(running, "users/anna", {"password": PASSWORD, "groups": ["front"]})
        running.add("gate", source=str(film), title="Main gate", groups=["front"])
        running.add("vault", source=str(film))
        wait_for(lambda: sum(one["recorded_ms"] for one in days(running)) > 9_000, 60)
        yield running


@pytest.fixture
def page(system: whole.Whole, browser: Any) -> Iterator[Any]:
    """Anna, signed in by her password."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    found = context.new_page()
    found.set_default_timeout(PATIENCE_MS)
    found.goto(f"{system.settings().base_url}/login")
    found.fill("[data-test=login-name]", "anna")
    found.fill("[data-test=login-password]", PASSWORD)
    found.click("[data-test=login-go]")
    found.wait_for_selector("nav")
    yield found
    context.close()


def put(system: whole.Whole, path: str, body: dict[str, Any]) -> None:
    answer = system.api("PUT", f"/api/v1/{path}", json=body)
    assert answer.is_success, answer.text


def days(system: whole.Whole) -> list[dict[str, Any]]:
    answer = system.api("GET", "/api/v1/media/gate/days")
    return answer.json()["days"] if answer.is_success else []  # not in the tables yet


def recorded_ms(system: whole.Whole) -> int:
    """When the footage of `gate` begins."""
    window = {"from_ms": clock.now_ms() - 3_600_000, "to_ms": clock.now_ms()}
    found = system.api("GET", "/api/v1/media/gate/ranges", params=window).json()
    return int(found["recorded"][0]["start_ms"])


def test_what_is_recorded_is_watched_protected_exported_and_shared(
    system: whole.Whole, page: Any, browser: Any
) -> None:
    begun = recorded_ms(system)
    query = f"t={begun + 3_000}&in={begun + 2_000}&out={begun + 6_000}"
    page.goto(f"{system.settings().base_url}/archive/gate?{query}")
    page.wait_for_function(PLAYING)

    page.keyboard.press("p")
    page.fill("[data-test=protect-reason]", "file 17")
    page.click("[data-test=protect-go]")
    page.wait_for_selector("[data-test=receipt]:has-text('kept')")
    page.click("[data-test=protect-close]")

    page.click("[data-test=ask-export]")
    with page.expect_download() as saving:
        page.click("[data-test=export-start]")
    assert Path(saving.value.path()).read_bytes()[4:8] == b"ftyp"

    page.click("[data-test=ask-share]")
    page.click("[data-test=share-go]")
    link = page.inner_text("[data-test=share-link]").strip()
    guest = browser.new_page()
    guest.goto(link)
    guest.wait_for_function(PLAYING, timeout=PATIENCE_MS)
    assert guest.locator("nav").count() == 0
    guest.close()

    actions = wait_for(lambda: told(system, {"protected", "exported", "shared"}), 30)
    assert {one["who"] for one in actions if one["action"] in ("protected", "exported", "shared")} == {"anna"}


def told(system: whole.Whole, wanted: set[str]) -> list[dict[str, Any]]:
    """Everything that people did, once it is all there; empty before."""
    found: list[dict[str, Any]] = system.api("GET", "/api/v1/audit").json()["actions"]
    return found if wanted <= {one["action"] for one in found} else []


def test_why_a_minute_is_kept_is_told_by_the_lock_that_keeps_it(system: whole.Whole, page: Any) -> None:
    begun = recorded_ms(system)
    lock = {"from_ms": begun, "to_ms": begun + 600_000, "reason": "a claim of the insurer"}
    assert system.api("POST", "/api/v1/media/gate/locks", json=lock).status_code == 200
    page.goto(f"{system.settings().base_url}/archive/gate?t={begun + 1_000}&tab=why")
    page.wait_for_selector("[data-test=reasons]:has-text('a claim of the insurer')")


def test_a_mark_comes_to_those_who_review_and_is_theirs_to_tick_off(system: whole.Whole, page: Any) -> None:
    page.goto(f"{system.settings().base_url}/review?q=van")
    page.wait_for_selector("[data-test=feed][data-state=live]")
    for media, title in (("vault", "Van in the vault"), ("gate", "White van")):
        saved = {"media": media, "opened_at": clock.now_ms(), "updated_at": clock.now_ms(), "title": title}
        assert system.api("PUT", f"/api/v1/episodes/{1000 + len(title)}", json=saved).status_code == 200
    card = page.locator("[data-test=episode]:has-text('White van')")
    card.wait_for()
    with page.expect_response(lambda answer: answer.url.endswith("/review") and answer.request.method == "PUT"):
        card.locator("[data-test=reviewed]").click()
    page.wait_for_selector("[data-test=episode][data-reviewed=true]")
    page.goto(f"{system.settings().base_url}/review?q=van&unreviewed=1")
    page.wait_for_selector("[data-test=nothing-clear]")
    assert page.locator("[data-test=episode]").count() == 0


def test_a_camera_of_others_is_as_if_it_were_not_there(system: whole.Whole, page: Any) -> None:
    page.goto(f"{system.settings().base_url}/archive/vault")
    page.wait_for_selector("[data-test=unknown-camera]")
    page.goto(f"{system.settings().base_url}/cameras")
    page.wait_for_selector("[data-test=camera]")
    page.wait_for_function("() => document.querySelectorAll('[data-test=camera]').length === 1")
    put(system, "users/anna", {"groups": []})
    page.goto(f"{system.settings().base_url}/archive/gate")
    page.wait_for_selector("[data-test=not-allowed]")
