"""The frame around all pages: what is loaded, from where, how it looks small, without a connection, and broken."""

import gzip
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.integration.paged import address, admin, browser, go, world
from tests.unit.api.client import TOKEN

__all__ = ["address", "admin", "browser", "go", "world"]
KEPT = """(async () => {
  const open = await Promise.all((await caches.keys()).map(name => caches.open(name)));
  return (await Promise.all(open.map(one => one.keys()))).flat().map(one => one.url);
})()"""
"""Addresses that the service worker keeps."""
PAGES = ["archive", "review", "live", "cameras", "storage", "system", "data", "users", "settings"]


@pytest.mark.parametrize(("path", "token", "most_bytes"), [("/login", "", 48_000), ("/archive", TOKEN, 92_000)])
def test_the_first_load_is_small_and_asks_nobody_else(
    browser: Any, address: str, path: str, token: str, most_bytes: int
) -> None:
    context = browser.new_context()
    page = context.new_page()
    answers: list[Any] = []
    page.on("response", lambda one: answers.append(one))
    page.goto(f"{address}{path}" + (f"#token={token}" if token else ""))
    page.wait_for_selector("nav, [data-test=login]")
    page.wait_for_load_state("networkidle")
    assert {urlsplit(one.url).netloc for one in answers} == {urlsplit(address).netloc}
    own = [one for one in answers if "/api/" not in one.url and one.url.endswith(("/login", "/archive", ".js", ".css"))]
    packed = sum(len(gzip.compress(one.body(), 9)) for one in own if not one.url.endswith("/sw.js"))
    context.close()
    assert 10_000 < packed < most_bytes


def test_every_page_opens_without_asking_anybody_else(go: Any, address: str) -> None:
    page = go("/settings")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    for name in PAGES:
        page.click(f"[data-test=nav-{name}]")
        page.wait_for_selector(f"[data-test=nav-{name}][aria-current=page]")
        page.wait_for_selector("main h1")
        assert not page.is_visible("[data-test=broken]")
    page.go_back()
    page.wait_for_selector("[data-test=nav-users][aria-current=page]")
    outside = [one for one in asked if urlsplit(one).scheme in {"http", "https"} and not one.startswith(address)]
    assert not outside


@pytest.mark.parametrize("width", [360, 768, 2560])
def test_no_page_is_wider_than_the_screen(go: Any, width: int) -> None:
    page = go("/settings")
    page.set_viewport_size({"width": width, "height": 760})
    for name in ("users", "settings", "archive"):
        page.goto(page.url.rsplit("/", 1)[0] + f"/{name}")
        page.wait_for_selector("main h1")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_small_screens_have_a_bar_with_the_rest_behind_it(go: Any) -> None:
    page = go("/settings", has_touch=True)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_selector("[data-test=nav-archive]")
    page.wait_for_selector("[data-test=nav-users]", state="hidden")
    page.click("[data-test=nav-more]")
    page.click("[data-test=nav-users]")
    page.wait_for_selector("main h1:has-text('Users')")
    page.wait_for_selector("[data-test=nav-users]", state="hidden")
    page.wait_for_selector("[data-test=user-add]")
    assert page.evaluate("document.querySelector('[data-test=user-add]').getBoundingClientRect().height") >= 40


def test_the_question_mark_lists_the_keys_and_escape_closes_them(go: Any) -> None:
    page = go("/settings")
    page.keyboard.press("?")
    page.wait_for_selector("[data-test=keys-dialog][open]:has-text('Show these keys')")
    page.keyboard.press("Escape")
    page.wait_for_selector("[data-test=keys-dialog]:not([open])", state="attached")
    page.fill("[data-test=brand-title]", "")
    page.type("[data-test=brand-title]", "Why?")
    assert not page.is_visible("[data-test=keys-dialog]")


def test_what_breaks_in_one_page_leaves_the_others(go: Any) -> None:
    page = go("/settings", service_workers="block")  # what it asks for cannot be cut off from here
    page.wait_for_selector("[data-test=brand-title]")  # this page is whole
    page.route("**/assets/**", lambda one: one.abort())
    page.click("[data-test=nav-users]")
    page.wait_for_selector("[data-test=broken]")
    page.unroute("**/assets/**")
    page.click("[data-test=nav-settings]")
    page.wait_for_selector("[data-test=brand-title]")


def test_a_page_that_is_not_for_these_people_says_so(go: Any) -> None:
    page = go("/shared")
    page.wait_for_selector("[data-test=not-allowed]")


def test_a_server_that_is_away_is_told_and_asked_again(go: Any) -> None:
    page = go("/settings")
    page.wait_for_selector("main h1")
    page.route("**/api/v1/**", lambda one: one.abort())
    page.reload()
    page.wait_for_selector("[data-test=empty]:has-text('does not answer')")
    page.unroute("**/api/v1/**")
    page.click("button:has-text('Try again')")
    page.wait_for_selector("main h1:has-text('Settings')")


def test_it_can_be_installed_and_says_when_there_is_no_connection(go: Any, address: str) -> None:
    page = go("/settings")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_selector("nav")
    kept = page.evaluate(KEPT)
    assert kept
    assert not [one for one in kept if "/api/" in one]
    manifest = page.evaluate("fetch('/manifest.webmanifest').then(one => one.json())")
    for icon in manifest["icons"]:
        assert page.evaluate("src => fetch(src).then(one => one.ok)", icon["src"])
    page.context.set_offline(True)
    page.goto(f"{address}/users")
    page.wait_for_selector("h1:has-text('No connection')")
    assert page.evaluate("document.querySelector('img').naturalWidth") > 0
    page.context.set_offline(False)
