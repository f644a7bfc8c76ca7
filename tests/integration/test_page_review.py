"""Episodes of all cameras, gone through in the page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from infra import clock
from schemas.episode import Originator
from schemas.facts import EpisodeAccepted
from tests.accepted_facts import accepted
from tests.footage import Shape, record
from tests.integration.paged import add_user, address, admin, browser, faults, go, signed_in, world
from tests.integration.recording import wait_for
from tests.unit.api.client import World

__all__ = ["address", "admin", "browser", "go", "world"]
CAMERAS = ("gate", "yard")
MINUTE_MS = 60_000
CARD = "[data-test=episode]"
IN_SIGHT = "[data-test=grid] article"


@dataclass
class Desk:
    """A reader who is signed in, and what there is to read."""

    world: World
    go: Callable[..., Any]
    now_ms: int

    def happens(self, number: int, at_ms: int | None = None, **fields: Any) -> EpisodeAccepted:
        """One episode, as if the projection had it."""
        at_ms = self.now_ms if at_ms is None else at_ms
        fact = accepted(
            episode_id=number, media=CAMERAS[number % 2], opened_at=at_ms, updated_at=at_ms + 4000,
            closed_at=at_ms + 4000, **{"episode_type": "vehicle", "title": f"car {number}"} | fields,
        )  # fmt: skip
        self.world.episodes.accept(fact)
        return fact

    def page(self, query: str = "", follows: bool = True, **context: Any) -> Any:
        """The review, read by anna; where it does not follow the feed, its network comes to rest."""
        page = self.go(f"/review{query}", token="", **context)
        if not follows:
            page.route("**/events*", lambda route: route.fulfill(status=403, json={}))
        signed_in(page, "anna")
        return page


@pytest.fixture
def desk(world: World, admin: httpx.Client, go: Any) -> Desk:
    add_user(admin, "anna", admin=True)
    for name in CAMERAS:
        admin.put(f"media/{name}", json={"title": name.capitalize()}).raise_for_status()
    return Desk(world, go, clock.now_ms())


def told(desk: Desk, number: int) -> tuple[bool, bool]:
    """What anna said of an episode: reviewed, favourite."""
    key = (CAMERAS[number % 2], number)
    said = desk.world.log.reviews.of("anna", [key]).get(key)
    return (said.reviewed, said.favourite) if said else (False, False)


def test_cards_say_what_happened_and_lead_to_the_archive(desk: Desk) -> None:
    desk.happens(1, license_plate_text="WX 123", labels=("van",), originator=Originator(source="alarm"))
    desk.happens(2, desk.now_ms - 2 * 86_400_000)
    page = desk.page()
    page.wait_for_selector(CARD)
    assert page.locator(f"{IN_SIGHT}").count() == 2
    assert page.locator("[data-test=grid] h2").count() == 2
    card = page.locator(CARD).first
    for words in ("Yard", "car 1", "WX 123", "van", "alarm", "no footage"):
        assert words in card.inner_text()
    card.locator("a.open").click()
    page.wait_for_url(f"**/archive/yard?*t={desk.now_ms}*")


def test_thousands_are_scrolled_through_with_few_of_them_drawn(desk: Desk) -> None:
    for number in range(2000):
        desk.happens(number, desk.now_ms - number * 5 * MINUTE_MS)
    page = desk.page()
    page.wait_for_selector("[data-test=count]:has-text('2,000')")
    seen: set[str] = set()
    most = 0
    for _ in range(12):
        keys = page.evaluate(f"[...document.querySelectorAll('{CARD}')].map(one => one.dataset.key)")
        seen, most = seen | set(keys), max(most, page.evaluate("document.querySelectorAll('*').length"))
        page.evaluate("document.querySelector('[data-test=grid]').scrollBy(0, 6000)")
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert len(seen) > 100
    assert most < 3000
    assert len(keys) < 100
    page.keyboard.press("Home")
    page.wait_for_selector(f"[data-key='{CAMERAS[0]}/0']")


def test_new_ones_slide_in_at_the_top_and_are_told_further_down(desk: Desk) -> None:
    for number in range(120):
        desk.happens(number, desk.now_ms - number * 30 * MINUTE_MS)
    page = desk.page()
    page.wait_for_selector("[data-state=live]")
    desk.happens(500, desk.now_ms + 1000)
    page.wait_for_selector("[data-key='gate/500'].fresh")
    page.evaluate("document.querySelector('[data-test=grid]').scrollTo(0, 1500)")
    page.wait_for_function("() => document.querySelector('[data-test=grid]').scrollTop > 1000")
    page.wait_for_selector("[data-key='gate/500']", state="detached")
    desk.happens(502, desk.now_ms + 2000)
    desk.happens(504, desk.now_ms + 3000)
    page.click("[data-test=news]:has-text('2 new')")
    page.wait_for_selector("[data-key='gate/504']")
    assert "123" in page.inner_text("[data-test=count]")


def test_filters_stand_in_the_address_and_say_when_nothing_is_left(desk: Desk) -> None:
    desk.happens(1)
    desk.happens(2, episode_type="face", title="Ann")
    asked: list[str] = []
    page = desk.page("?type=face")
    page.on("request", lambda one: asked.append(one.url))
    page.wait_for_selector("[data-key='gate/2']")
    assert page.locator(CARD).count() == 1
    page.fill("[data-test=review-search]", "nobody")
    page.wait_for_selector("[data-test=nothing-found]")
    assert "q=nobody" in page.url
    assert "type=face" in page.url
    page.click("[data-test=nothing-clear]")
    page.wait_for_selector("[data-key='yard/1']")
    page.click("[data-test=choose-cameras]")
    page.check("[data-test=camera-yard]")
    page.click("[data-test=cameras-go]")
    page.wait_for_selector("[data-key='gate/2']", state="detached")
    assert "cameras=yard" in page.url
    page.check("[data-test=filter-unreviewed]")
    page.wait_for_url("**unreviewed=1*")
    page.wait_for_selector("[data-key='yard/1']")
    assert any("reviewed=false" in one and "media=yard" in one for one in asked)


def test_a_word_on_an_episode_is_kept_undone_and_taken_back_when_refused(desk: Desk) -> None:
    for number in (1, 2):
        desk.happens(number, desk.now_ms + number)
    page = desk.page()
    page.wait_for_selector(CARD)
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.wait_for_selector("[data-key='gate/2'][data-reviewed=true]")
    page.wait_for_selector("[data-test=toast]:has-text('1 episode reviewed')")
    page.click("[data-test=undo]")
    page.wait_for_selector("[data-key='gate/2'][data-reviewed=false]")
    page.keyboard.press("f")
    page.wait_for_selector("[data-key='gate/2'] [data-test=favourite][aria-pressed=true]")
    wait_for(lambda: told(desk, 2) == (False, True))  # the page shows a word before it is kept
    page.route("**/review", lambda route: route.fulfill(status=503, json={"detail": "The log is away"}))
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.wait_for_selector("[data-test=toast]:has-text('The log is away')")
    page.wait_for_selector("[data-key='yard/1'][data-reviewed=false]")
    assert (told(desk, 1), told(desk, 2)) == ((False, False), (False, True))


def test_several_are_selected_reviewed_and_protected(desk: Desk, admin: httpx.Client) -> None:
    for number in range(5):
        desk.happens(number, desk.now_ms + number)
    page = desk.page()
    page.wait_for_selector(CARD)
    page.click("[data-key='yard/3'] .open", modifiers=["Control"])
    page.click("[data-key='yard/1'] .open", modifiers=["Shift"])
    page.wait_for_selector("[data-test=selection]:has-text('3 selected')")
    page.click("[data-test=selection-reviewed]")
    page.wait_for_selector("[data-test=toast]:has-text('3 episodes reviewed')")
    page.wait_for_function("() => document.querySelectorAll('[data-reviewed=true]').length === 3")
    page.keyboard.press("Control+a")
    page.wait_for_selector("[data-test=selection]:has-text('5 selected')")
    page.keyboard.press("p")
    page.fill("[data-test=protect-reason]", "case 7")
    page.click("[data-test=protect-go]")
    page.wait_for_selector("[data-test=toast]:has-text('protected')", timeout=20_000)
    locks = [one for name in CAMERAS for one in admin.get(f"media/{name}/locks").json()["locks"]]
    assert [one["reason"] for one in locks] == ["case 7"] * 5
    page.keyboard.press("Escape")
    page.wait_for_selector("[data-test=selection]", state="detached")


def test_the_quick_view_is_gone_through_with_keys(desk: Desk) -> None:
    desk.world.keep(record(Shape(media="gate", start_ms=desk.now_ms - 10_000, seconds=8)))
    for number in (0, 2, 3):
        desk.happens(number, desk.now_ms - 8000 + number)
    page = desk.page()
    page.wait_for_selector(CARD)
    page.hover("[data-key='gate/2'] .open")
    page.wait_for_function("() => Number(document.querySelector('[data-test=moving]')?.dataset.at) > 0")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.wait_for_selector("[data-test=quick-screen][data-key='yard/3']")
    page.keyboard.press("j")
    page.wait_for_selector("[data-test=quick-screen][data-key='gate/2']")
    page.keyboard.press("r")
    page.wait_for_selector("[data-test=quick-reviewed][aria-pressed=true]")
    page.keyboard.press("k")
    page.wait_for_selector("[data-test=quick-screen][data-key='yard/3']")
    page.keyboard.press("r")
    page.wait_for_selector("[data-test=quick-reviewed][aria-pressed=true]")
    page.click("[data-test=quick-view] [data-test=toast]:last-child [data-test=undo]")
    page.wait_for_selector("[data-test=quick-reviewed][aria-pressed=false]")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("o")
    page.wait_for_url("**/archive/gate?*")
    wait_for(lambda: told(desk, 2) == (True, False))


def test_an_empty_review_says_why(go: Any) -> None:
    page = go("/review")
    page.wait_for_selector("[data-test=no-cameras] a[href='/cameras']")


@pytest.mark.parametrize(("theme", "width"), [("light", 1200), ("dark", 390)])
def test_the_review_has_no_serious_fault_of_reach(desk: Desk, theme: str, width: int) -> None:
    for number in range(6):
        desk.happens(number, desk.now_ms - number * 20 * MINUTE_MS)
    page = desk.page(follows=False, color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 844})
    page.wait_for_selector(CARD)
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not faults(page)
    page.keyboard.press("v")
    page.wait_for_selector("[data-test=quick-screen]")
    assert not faults(page)
