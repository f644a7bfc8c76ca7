"""What an operator does on the archive page beside watching: find, select, protect, mark, share, ask why."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from api.routes import page as routes
from schemas.facts import LockRequested, RecordingGap
from tests.accepted_facts import accepted
from tests.footage import Shape, record
from tests.integration.paged import PATIENCE_MS, browser, faults
from tests.integration.test_page_archive import at, at_the_door, opened, paused
from tests.integration.watched import END_MS, FIRST_MS, SECOND_MS, Watched, runs, since, watched
from tests.unit.api.client import TOKEN

pytestmark = pytest.mark.alone
__all__ = ["browser"]
expect = pytest.importorskip("playwright.sync_api").expect
expect.set_options(timeout=PATIENCE_MS)

VIEW = f"from={FIRST_MS - 5_000}&to={END_MS + 5_000}"
SELECTED = f"t={FIRST_MS + 6_000}&{VIEW}&in={FIRST_MS + 5_000}&out={FIRST_MS + 9_000}"
ID = 1 << 63


@pytest.fixture(scope="module")
def shown(browser: Any, request: pytest.FixtureRequest) -> Iterator[Watched]:
    built: Path = request.config.getoption("--page") or routes.DIST
    if not (built / "index.html").is_file():
        pytest.skip("the page is not built (cd web && npm ci && npm run build)")
    with pytest.MonkeyPatch.context() as patch, watched(browser, built, patch) as made:
        made.add("gate", runs(), title="Main gate")
        made.add("yard", runs("yard"), title="Yard")
        made.add("never", [], title="Never yet")
        gap = RecordingGap(
            media="gate", start_ms=FIRST_MS + 28_000, end_ms=SECOND_MS, reason="source_lost", observed_ms=1
        )
        made.world.archive.missing.append(gap)
        for number, (kind, title) in enumerate((("vehicle", "White van"), ("human", "Anna"), ("vehicle", "Red van"))):
            opened_at = FIRST_MS + 4_000 + number * 8_000
            times = {"opened_at": opened_at, "updated_at": opened_at + 3_000, "closed_at": opened_at + 3_000}
            made.world.episodes.accept(
                accepted(media="gate", episode_id=ID + number, title=title, episode_type=kind, **times)
            )
        yield made


@pytest.fixture
def gate(shown: Watched) -> Iterator[Any]:
    page = opened(shown, f"/archive/gate?{SELECTED}")
    yield page
    shown.close(page)


def held(page: Any) -> int:
    """Where the player is; from now on it goes where it is told, and stays there."""
    page.evaluate("document.querySelector('[data-test=video]').play = async () => undefined")
    paused(page)
    page.evaluate("settled()")
    return at(page)


def near(page: Any, moment: int) -> None:
    """Wait until the player is at a moment, or has just gone on from it."""
    seen = "Number(document.querySelector('[data-test=video]').dataset.at)"
    page.wait_for_function(f"() => {seen} >= {moment - 1} && {seen} < {moment + 5_000}")


def test_episodes_are_listed_with_pictures_searched_filtered_and_gone_through(gate: Any) -> None:
    names = "[data-test=episode] strong"
    told = ["Red van · vehicle", "Anna · human", "White van · vehicle"]
    expect(gate.locator(names)).to_have_text(told, use_inner_text=True)
    gate.wait_for_function(
        "() => [...document.querySelectorAll('[data-test=episode] img')].every(one => one.naturalWidth)"
    )
    gate.fill("[data-test=episode-search]", "van")
    gate.wait_for_function("() => document.querySelectorAll('[data-test=episode]').length === 2")
    gate.fill("[data-test=episode-search]", "")
    gate.select_option("[data-test=episode-type]", "human")
    gate.wait_for_function("() => document.querySelectorAll('[data-test=episode]').length === 1")
    held(gate)  # who plays on is soon so far on that "[" means the episode that is played
    gate.click("[data-test=episode] button.pick")
    near(gate, FIRST_MS + 12_000)
    gate.keyboard.press("]")
    near(gate, FIRST_MS + 20_000)
    gate.keyboard.press("[")
    near(gate, FIRST_MS + 12_000)
    gate.keyboard.press("[")
    near(gate, FIRST_MS + 4_000)


def test_keys_are_the_player_s_after_a_click_on_something_else(gate: Any) -> None:
    video = "document.querySelector('[data-test=video]')"
    gate.click("[data-test=episode]:has-text('Red van') button.pick")
    gate.wait_for_function(f"() => !{video}.paused && Number({video}.dataset.at) > {FIRST_MS + 20_200}")
    gate.keyboard.press("Space")
    gate.wait_for_function(f"() => {video}.paused")
    gate.evaluate("settled()")  # the last frame is told a moment later
    gate.locator("[data-test=speed]").dispatch_event("pointerdown")
    gate.focus("[data-test=speed]")
    gate.select_option("[data-test=speed]", "0.5")
    before = at(gate)
    gate.keyboard.press("ArrowLeft")
    gate.wait_for_function(f"() => Number({video}.dataset.at) === {before - 10_000}")
    assert gate.input_value("[data-test=speed]") == "0.5"


def test_a_link_shows_the_same_episodes_at_the_same_speed(shown: Watched, gate: Any) -> None:
    gate.wait_for_selector("[data-test=episode]")
    gate.select_option("[data-test=episode-type]", "vehicle")
    gate.click("[data-test=legend-type-human]")
    gate.keyboard.press("2")
    gate.fill("[data-test=episode-search]", "red")
    gate.wait_for_function(
        "() => ['speed=2', 'type=vehicle', 'q=red', 'hide=type'].every(one => location.href.includes(one))"
    )
    again = opened(shown, gate.url.removeprefix(shown.address))
    again.wait_for_function("() => document.querySelectorAll('[data-test=episode]').length === 1")
    expect(again.locator("[data-test=episode-type]")).to_have_value("vehicle")
    expect(again.locator("[data-test=speed]")).to_have_value("2")
    expect(again.locator("[data-test=legend-type-human]")).to_have_attribute("aria-pressed", "false")
    shown.close(again)


def test_a_camera_is_shown_before_the_list_of_all_of_them_is_here(shown: Watched) -> None:
    page = at_the_door(shown, service_workers="allow")
    page.route("**/api/v1/media?*", lambda one: None)  # never answered
    page.goto(f"{shown.address}/archive/gate?{SELECTED}#token={TOKEN}")
    page.wait_for_selector("[data-test=video]")
    near(page, FIRST_MS + 6_000)
    shown.close(page)


def test_what_is_protected_comes_with_a_receipt(shown: Watched, gate: Any) -> None:
    gate.keyboard.press("p")
    gate.fill("[data-test=protect-reason]", "police, file 17")
    gate.click("[data-test=protect-go]")
    gate.wait_for_selector("[data-test=receipt]:has-text('kept'):has-text('it is there')")
    [lock] = [one for one in shown.world.log.facts if isinstance(one, LockRequested)]
    assert (lock.media, lock.start_ms, lock.end_ms) == ("gate", FIRST_MS + 5_000, FIRST_MS + 9_000)
    assert lock.reason == "police, file 17"


def test_an_export_goes_on_while_something_else_is_watched_and_can_be_stopped(gate: Any) -> None:
    gate.route("**/archive.mp4?*", lambda one: None)  # it takes its time
    gate.click("[data-test=ask-export]")
    gate.click("[data-test=export-start]")
    gate.wait_for_selector("[data-test=export-progress]")
    gate.keyboard.press("Escape")
    gate.wait_for_selector("[data-test=export-dialog]", state="detached")
    gate.click("[data-test=exporting]")
    gate.click("[data-test=export-stop]")
    gate.wait_for_selector("[data-test=export-progress]", state="detached")
    gate.keyboard.press("Escape")
    gate.wait_for_selector("[data-test=exporting]", state="detached")


def test_an_episode_of_ones_own_is_saved_over_the_selection(gate: Any) -> None:
    gate.route("**/api/v1/episodes/*", lambda one: one.fulfill(json={}))  # the door of saves is another service
    gate.click("[data-test=ask-mark]")
    gate.fill("[data-test=mark-title]", "Somebody climbs")
    with gate.expect_request("**/api/v1/episodes/*") as asked:
        gate.click("[data-test=mark-go]")
    body = asked.value.post_data_json
    assert (body["opened_at"], body["closed_at"]) == (FIRST_MS + 5_000, FIRST_MS + 9_000)
    assert body["originator"] == {"source": "person"}
    gate.wait_for_selector("[data-test=mark-dialog]", state="detached")


def test_a_shared_window_shows_its_own_time_and_nothing_else(shown: Watched, gate: Any) -> None:
    gate.click("[data-test=ask-share]")
    gate.click("[data-test=share-go]")
    link = gate.inner_text("[data-test=share-link]").strip()
    page = opened(shown, link.removeprefix(shown.address))
    assert "key=" not in page.url
    assert FIRST_MS + 5_000 <= at(page) < FIRST_MS + 9_000 + 2_000
    assert page.locator("nav").count() == 0
    assert page.locator("[data-test=export-all]").count() == 0
    page.wait_for_selector("[data-test=over]")
    assert at(page) < FIRST_MS + 9_000 + 2_000
    assert not faults(page)
    shown.close(page)


def test_the_calendar_plays_a_day_and_says_how_much_of_it_there_is(gate: Any) -> None:
    gate.click("[data-test=tab-calendar]")
    day = "[data-day='2026-10-25']"
    gate.wait_for_selector(f"{day}[aria-label*='52 sec'][aria-label*='3 episodes']")
    gate.focus(day)
    gate.keyboard.press("ArrowLeft")
    gate.wait_for_function("() => document.activeElement.dataset.day === '2026-10-24'")
    gate.keyboard.press("ArrowRight")
    gate.keyboard.press("Enter")
    near(gate, FIRST_MS)
    gate.click("[data-test=month-later]")
    gate.wait_for_selector("[data-day='2026-11-15']")


def test_every_place_says_why_there_is_no_picture(shown: Watched, gate: Any) -> None:
    gate.goto(f"{shown.address}/archive/gate?t={END_MS + 60_000}")
    gate.wait_for_selector("[data-test=no-video]:has-text('nothing was recorded after this')")
    gate.click("[data-test=last-footage]")
    gate.wait_for_selector("[data-test=no-video]", state="detached")
    gate.goto(f"{shown.address}/archive/nobody")
    gate.wait_for_selector("[data-test=unknown-camera]")
    gate.goto(f"{shown.address}/archive/never?t={FIRST_MS}")
    gate.wait_for_selector("[data-test=no-video]:has-text('never recorded')")


def test_a_camera_is_found_by_the_keyboard_and_the_last_ones_are_at_hand(gate: Any) -> None:
    moment = held(gate)
    gate.keyboard.press("/")
    gate.wait_for_selector("[data-test=camera-dialog] [data-media=yard]")
    expect(gate.locator("[data-test=camera-search]")).to_be_focused()
    gate.keyboard.type("yard")
    gate.wait_for_selector("[data-test=camera-dialog] [data-media=gate]", state="detached")
    gate.keyboard.press("Enter")
    gate.wait_for_selector("[data-test=camera-title]:has-text('Yard')")
    near(gate, moment)  # the same moment of another camera
    gate.keyboard.press("/")
    gate.click("[data-test=recent]:has-text('Main gate')")
    gate.wait_for_selector("[data-test=camera-title]:has-text('Main gate')")
    gate.go_back()
    gate.wait_for_selector("[data-test=camera-title]:has-text('Yard')")


def test_times_are_typed_and_the_address_follows_the_player(shown: Watched, gate: Any) -> None:
    gate.keyboard.press("g")
    gate.fill("[data-test=go-to-time]", "soon")
    gate.click("[data-test=go-to-go]")
    gate.wait_for_selector("[data-test=go-to-dialog]:has-text('This is no time')")
    gate.fill("[data-test=go-to-time]", "2026-10-25T01:00:40Z")
    gate.keyboard.press("Enter")
    near(gate, SECOND_MS + 9_000)
    gate.wait_for_function(f"() => Number(new URLSearchParams(location.search).get('t')) >= {SECOND_MS + 9_000}")
    again = opened(shown, gate.url.removeprefix(shown.address))
    assert at(again) >= SECOND_MS + 9_000
    again.wait_for_selector("[data-test=selection]")
    shown.close(again)


def test_a_snapshot_is_the_frame_in_full_size(gate: Any) -> None:
    moment = datetime.fromtimestamp(held(gate) / 1000, UTC)
    with gate.expect_download() as download:
        gate.keyboard.press("s")
    data = Path(download.value.path()).read_bytes()
    assert download.value.suggested_filename.startswith(f"{moment:gate %Y-%m-%dT%H-%M-%S}")
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(data[16:20]) == 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(shown: Watched, scheme: str) -> None:
    page = opened(shown, f"/archive/gate?{SELECTED}", color_scheme=scheme)
    page.evaluate("document.querySelector('[data-test=video]').pause()")
    for tab in ("calendar", "why", "episodes"):
        page.click(f"[data-test=tab-{tab}]")
        page.wait_for_selector(f"[data-test=panel-{tab}]")
        assert not faults(page)
    page.keyboard.press("e")
    page.wait_for_selector("[data-test=export-dialog][open]")
    assert not faults(page)
    shown.close(page)


def test_a_telephone_has_the_picture_on_top_and_everything_below(shown: Watched) -> None:
    page = opened(shown, f"/archive/gate?{SELECTED}", viewport={"width": 390, "height": 844}, has_touch=True)
    box = page.locator("[data-test=video]").bounding_box()
    assert box["width"] == 390
    assert box["y"] < 100
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = "all => all.filter(one => one.offsetHeight && one.offsetHeight < 40).map(one => one.outerHTML)"
    assert (
        page.eval_on_selector_all("[data-test=theatre] [role=toolbar] button, [data-test=selection] button", small)
        == []
    )
    shown.close(page)


def test_live_plays_goes_back_and_catches_up_with_what_comes(shown: Watched) -> None:
    recorded = since(record(Shape(media="now", seconds=34)), 24_000)
    began = recorded[0].fact.start_ms
    shown.add("now", recorded[:12])
    page = opened(shown, "/archive/now")
    page.wait_for_selector("[data-test=video][data-mode=live]")
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector("[data-test=video][data-mode=archive]")
    page.keyboard.press("4")
    page.wait_for_function(f"() => Number(document.querySelector('[data-test=video]').dataset.at) > {began + 23_000}")
    shown.world.keep(recorded[12:])
    page.wait_for_function(f"() => Number(document.querySelector('[data-test=video]').dataset.at) > {began + 28_000}")
    page.click("[data-test=live]")
    page.wait_for_selector("[data-test=video][data-mode=live]")
    shown.close(page)


def test_reasons_come_while_it_plays_though_each_takes_longer_than_a_second(gate: Any) -> None:
    def late(one: Any) -> None:
        answer = one.fetch()
        gate.wait_for_timeout(1_500)
        one.fulfill(response=answer)

    gate.route("**/explain?*", late)
    gate.wait_for_function("() => !document.querySelector('[data-test=video]').paused")
    gate.click("[data-test=tab-why]")
    gate.wait_for_selector("[data-test=reasons] li")
    assert not gate.evaluate("document.querySelector('[data-test=video]').paused"), "it was over, and then they came"
    gate.unroute_all(behavior="ignoreErrors")
