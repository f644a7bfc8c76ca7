"""What cameras show now, watched in the page: real footage in a real browser, nothing left over."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.routes import page as routes
from infra import clock
from schemas.facts import RecordingGap
from tests.accepted_facts import accepted
from tests.footage import Shape, record
from tests.integration.paged import browser, faults
from tests.integration.watched import Watched, watched

__all__ = ["browser"]
COUNTED = """
window.urls = new Set(); window.sources = 0;
const make = URL.createObjectURL, drop = URL.revokeObjectURL;
URL.createObjectURL = what => {
  const url = make.call(URL, what);
  if (what instanceof Blob) urls.add(url); else sources += 1;
  return url;
};
URL.revokeObjectURL = url => { urls.delete(url); drop.call(URL, url); };
"""
"""Counts pictures that are kept and streams that were opened."""
HIDE = """hidden => {
  Object.defineProperty(document, 'hidden', {configurable: true, get: () => hidden});
  document.dispatchEvent(new Event('visibilitychange'));
}"""
STREAMS = "document.querySelectorAll('[data-test=tile] video').length"
Open = Callable[..., Any]


@pytest.fixture
def wall(browser: Any, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """Six cameras: three record, one was lost, one never recorded, one is switched off."""
    built: Path = request.config.getoption("--page") or routes.DIST
    if not (built / "index.html").is_file():
        pytest.skip("the page is not built (cd web && npm ci && npm run build)")
    with watched(browser, built, monkeypatch) as found:
        now_ms = clock.now_ms()
        for number in range(3):
            shape = Shape(media=f"cam{number}", start_ms=now_ms - 16_000, seconds=16, fps=5, gop=5, colour=number)
            found.add(f"cam{number}", record(shape), title=f"Camera {number}", folder="site/hall" if number else "")
        found.add("lost", record(Shape(media="lost", start_ms=now_ms - 3_600_000, seconds=4)), title="Lost one")
        found.world.archive.missing.append(
            RecordingGap(
                media="lost", observed_ms=1, start_ms=now_ms - 3_596_000, end_ms=None, reason="source_lost", detail=""
            )
        )
        found.add("never", [], title="New one")
        found.add("off", [], enabled=False, title="Off")
        yield found


def opened(wall: Watched, query: str = "", **context: Any) -> Any:
    page = wall.go(f"/live{query}", **context)
    page.wait_for_selector("[data-test=tile]")
    return page


def tile(name: str, state: str = "") -> str:
    return f"[data-test=tile][data-media={name}]" + (f"[data-state={state}]" if state else "")


def test_as_many_play_as_may_others_are_pictures_and_all_say_how_they_are(wall: Watched) -> None:
    page = opened(wall, "?playing=1")
    page.wait_for_selector(tile("cam0", "playing"))
    page.wait_for_selector(tile("cam1", "picture"))
    page.wait_for_selector(tile("cam2", "picture"))
    assert page.evaluate(STREAMS) == 1
    page.wait_for_selector(f"{tile('lost')}:has-text('No footage since')")
    page.wait_for_selector(f"{tile('lost')}:has-text('camera not reached')")
    page.wait_for_selector(f"{tile('never')}:has-text('Nothing recorded yet')")
    page.wait_for_selector(f"{tile('off')}:has-text('Switched off')")
    page.select_option("[data-test=playing]", "4")
    page.wait_for_selector(tile("cam1", "playing"))


def test_nothing_runs_while_nobody_looks_and_nothing_is_left_over(wall: Watched) -> None:
    page = wall.go("/live")
    page.evaluate(COUNTED)
    page.wait_for_selector(tile("cam0", "playing"))
    page.evaluate(HIDE, True)
    page.wait_for_function(f"() => {STREAMS} === 0 && urls.size === 0")
    for _ in range(3):
        page.evaluate(HIDE, False)
        page.wait_for_selector(tile("cam0", "playing"))
        page.evaluate(HIDE, True)
        page.wait_for_function(f"() => {STREAMS} === 0 && urls.size === 0")
    page.evaluate(HIDE, False)
    page.wait_for_selector(tile("lost", "picture"))
    page.click("[data-test=nav-settings]")
    page.wait_for_function("() => urls.size === 0 && !document.querySelector('video')")


def test_a_camera_is_shown_large_and_leads_to_its_archive(wall: Watched) -> None:
    page = opened(wall, "?playing=0")
    page.click(f"{tile('cam1')} [data-test=pick-tile]")
    page.wait_for_selector(tile("cam1", "playing"))
    page.wait_for_function("() => document.querySelectorAll('[data-test=tile]').length === 1")
    page.wait_for_url("**one=cam1*")
    page.keyboard.press("Escape")
    page.wait_for_selector(tile("cam2"))
    page.click(f"{tile('cam1')} [data-test=pick-tile]")
    page.click("[data-test=large-archive]")
    page.wait_for_url("**/archive/cam1*")


def test_cameras_are_arranged_divided_into_pages_and_kept_in_address_and_browser(wall: Watched) -> None:
    page = opened(wall, "?playing=0")
    first = "document.querySelector('[data-test=tile]')?.dataset.media"
    page.wait_for_function(f"() => {first} === 'cam0'")
    page.focus(f"{tile('cam0')} [data-test=pick-tile]")
    page.keyboard.press("Alt+ArrowRight")
    page.wait_for_function(f"() => {first} === 'cam1'")
    page.wait_for_url("**order=cam1%2Ccam0*")
    page.drag_and_drop(f"{tile('cam2')} [data-test=pick-tile]", f"{tile('cam1')} [data-test=pick-tile]")
    page.wait_for_function(f"() => {first} === 'cam2'")
    page.select_option("[data-test=layout]", "4")
    page.wait_for_selector("[data-test=page]:has-text('1 of 2')")
    page.click("[data-test=page-next]")
    page.wait_for_function("() => document.querySelectorAll('[data-test=tile]').length === 2")
    page.click("[data-test=nav-settings]")
    page.click("[data-test=nav-live]")
    page.wait_for_url("**layout=4*")
    page.wait_for_function(f"() => {first} === 'cam2'")
    page.select_option("[data-test=live-folder]", "site")
    page.wait_for_selector(tile("cam0"), state="detached")
    page.wait_for_function("() => document.querySelectorAll('[data-test=tile]').length === 2")


def test_what_just_happened_flashes_on_its_tile(wall: Watched) -> None:
    page = opened(wall, "?playing=0")
    page.wait_for_selector(tile("cam0", "picture"))
    page.wait_for_selector("[data-test=mosaic][data-feed=live]")
    at_ms = clock.now_ms()
    happened = accepted(media="cam0", opened_at=at_ms, updated_at=at_ms, episode_type="vehicle", title="Red car")
    wall.world.episodes.accept(happened)
    page.wait_for_selector(f"{tile('cam0')} [data-test=latest]:has-text('Red car')")


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)])
def test_live_has_no_serious_fault_of_reach(wall: Watched, theme: str, width: int) -> None:
    page = wall.go("/settings", color_scheme=theme, viewport={"width": width, "height": 844})
    page.wait_for_load_state("networkidle")
    page.route("**/events*", lambda route: route.fulfill(status=403, json={}))  # the network comes to rest
    page.click("[data-test=nav-live]")
    page.select_option("[data-test=playing]", "0")
    page.wait_for_selector(tile("cam0", "picture"))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not faults(page)
