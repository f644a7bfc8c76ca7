"""The timeline in a real browser with 50,000 episodes: what it draws and how often, what hands and keys do."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests import timeline_page

ALL = "marks=50000&days=90"
DAY = "marks=50000&days=1"
FEW = "marks=300&days=7"
REASONS = {
    "source_lost": "camera not reached",
    "recorder_stopped": "recorder was stopped",
    "disk_full": "disk was full",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pytest.importorskip("playwright.sync_api")
    if lacking := timeline_page.missing():
        pytest.skip(lacking)
    folder = tmp_path_factory.mktemp("timeline")
    timeline_page.build(folder)
    with timeline_page.served(folder) as found:
        yield found


@pytest.fixture(scope="module")
def browser(address: str) -> Iterator[Any]:
    with timeline_page.browsing() as found:
        yield found


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    opened = browser.new_page(viewport={"width": 1200, "height": 520})
    opened.set_default_timeout(30_000)
    asked: list[str] = []
    faults: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    opened.close()
    assert not faults
    assert all(one.startswith((address, "blob:", "data:")) for one in asked)


@pytest.fixture
def look(page: Any, address: str) -> Any:
    def opened(query: str) -> Any:
        timeline_page.show(page, address, query)
        return page

    return opened


def view(page: Any) -> tuple[float, float]:
    """What the timeline shows, once nothing moves any more."""
    timeline_page.rest(page, "() => measured.view")
    found = page.evaluate("measured.view")
    return found["from"], found["to"]


def heard(page: Any, name: str) -> Any:
    """The last thing of a name that the page was told, as soon as there is one."""
    page.wait_for_function("name => measured.heard.some(one => one.name === name)", arg=name)
    return page.evaluate("name => measured.heard.filter(one => one.name === name).at(-1)?.what", name)


def box(page: Any) -> Any:
    return page.locator("canvas").bounding_box()


@pytest.mark.parametrize("query", [ALL, DAY])
def test_a_frame_is_drawn_once_however_often_it_is_asked_for(look: Any, query: str) -> None:
    page = look(query)
    for way in ("wheel(25, {dy: -30})", "wheel(25, {dy: 30})", "drag(25)"):
        told = page.evaluate(f"measured.{way}")
        assert told["painted"] <= told["frames"] + 1  # the last one may still be due
        assert told["drawn"]["marks"] <= told["painted"]


def test_panning_copies_what_was_drawn(look: Any) -> None:
    page = look(ALL)
    told = page.evaluate("measured.drag(50)")
    assert told["painted"] >= 40
    assert told["drawn"]["marks"] < told["painted"] / 3
    assert told["drawn"]["ground"] < told["painted"] / 3


@pytest.mark.parametrize("query", [ALL, DAY, "marks=50000&days=0.1"])
def test_what_an_episode_covers_is_painted_and_nothing_else(look: Any, query: str) -> None:
    page = look(query)
    assert sum(page.evaluate("measured.painted('motion')")) > 20
    assert page.evaluate("measured.unlike()") == {"bare": [], "strange": []}


def test_a_click_plays_the_moment_under_the_pointer(look: Any) -> None:
    page = look(FEW)
    (begin, end), found = view(page), box(page)
    page.mouse.click(found["x"] + 300, found["y"] + found["height"] - 25)
    expected = begin + 300 / found["width"] * (end - begin)
    assert abs(heard(page, "pick")["at"] - expected) <= (end - begin) / found["width"]


def test_two_clicks_come_closer_and_the_moment_stays(look: Any) -> None:
    page = look(FEW)
    (begin, end), found = view(page), box(page)
    page.mouse.dblclick(found["x"] + 300, found["y"] + found["height"] - 25)
    page.wait_for_function("end => measured.view.to < end", arg=end)
    after = view(page)
    assert after[1] - after[0] == pytest.approx((end - begin) / 2, rel=1e-6)
    share = 300 / found["width"]
    assert after[0] + share * (after[1] - after[0]) == pytest.approx(begin + share * (end - begin), abs=2)


def test_the_hint_says_why_footage_is_missing_and_shows_a_picture_where_it_is_not(look: Any) -> None:
    page = look(FEW)
    (begin, end), found = view(page), box(page)
    gaps = [one for one in page.evaluate("measured.archive.gaps") if begin < one["start_ms"] and one["end_ms"] < end]
    gap = max(gaps, key=lambda one: one["end_ms"] - one["start_ms"])

    def point(at: float) -> None:
        page.mouse.move(found["x"] + (at - begin) / (end - begin) * found["width"], found["y"] + found["height"] - 25)

    point((gap["start_ms"] + gap["end_ms"]) / 2)
    page.wait_for_selector(f"[data-test=timeline-tip]:has-text('{REASONS[gap['reason']]}')")
    assert page.locator("[data-test=timeline-picture]").count() == 0
    point(gap["start_ms"] - (end - begin) / 100)
    page.wait_for_selector("[data-test=timeline-picture]")
    page.mouse.move(5, 5)
    page.wait_for_selector("[data-test=timeline-tip]", state="detached")


def test_keys_step_zoom_and_go_and_are_told_to_those_who_do_not_see(look: Any) -> None:
    page = look(FEW)
    begin, end = view(page)
    canvas = page.locator("canvas")
    assert canvas.get_attribute("role") == "slider"
    assert "2026" in canvas.get_attribute("aria-valuetext")
    canvas.focus()
    page.keyboard.press("ArrowRight")
    value = float(canvas.get_attribute("aria-valuenow"))
    assert heard(page, "pick")["at"] == pytest.approx(value + (end - begin) * 0.01, abs=1000)
    page.keyboard.press("+")
    page.wait_for_function("end => measured.view.to < end", arg=end)
    closer = view(page)
    assert closer[1] - closer[0] == pytest.approx((end - begin) / 2, rel=1e-6)
    page.keyboard.press("PageUp")
    page.wait_for_function("from => measured.view.from < from", arg=closer[0])


def test_a_selection_is_dragged_by_its_handles_and_moved_by_keys(look: Any) -> None:
    page = look(FEW + "&selection=1")
    (begin, end), found = view(page), box(page)
    at = page.evaluate("measured.span.end_ms")
    x = found["x"] + (at - begin) / (end - begin) * found["width"]
    page.mouse.move(x, found["y"] + 60)
    page.wait_for_function("() => document.querySelector('canvas').style.cursor === 'ew-resize'")
    page.mouse.down()
    page.mouse.move(x + 50, found["y"] + 60, steps=5)
    page.mouse.up()
    told = heard(page, "select")
    assert told["done"] is True
    px = (end - begin) / found["width"]
    assert told["end_ms"] == pytest.approx(at + 50 * px, abs=2 * px)
    page.locator("[data-test=selection-start]").focus()
    page.keyboard.press("Shift+ArrowLeft")
    moved = heard(page, "select")
    assert moved["start_ms"] == pytest.approx(told["start_ms"] - (end - begin) * 0.1, abs=1)
    assert moved["end_ms"] == told["end_ms"]


def test_two_fingers_zoom_around_what_they_hold(browser: Any, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True)
    page = context.new_page()
    timeline_page.show(page, address, FEW)
    (begin, end), found = view(page), box(page)
    touch = context.new_cdp_session(page)
    y = found["y"] + 60

    def fingers(kind: str, *xs: float) -> None:
        points = [{"x": found["x"] + x, "y": y, "id": index} for index, x in enumerate(xs)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", 140, 220)
    for step in range(1, 9):
        fingers("touchMove", 140 - 10 * step, 220 + 10 * step)
    fingers("touchEnd")
    page.wait_for_function("end => measured.view.to < end", arg=end)
    after = view(page)
    assert after[1] - after[0] == pytest.approx((end - begin) * 80 / 240, rel=0.02)
    middle, px = 180 / found["width"], (end - begin) / found["width"]
    assert after[0] + middle * (after[1] - after[0]) == pytest.approx(begin + middle * (end - begin), abs=3 * px)
    context.close()


def test_nothing_glides_for_those_who_want_less_motion(look: Any, page: Any) -> None:
    page.emulate_media(reduced_motion="reduce")
    page = look(FEW)
    found = box(page)
    page.mouse.move(found["x"] + 600, found["y"] + 60)
    page.mouse.down()
    page.mouse.move(found["x"] + 300, found["y"] + 60, steps=4)
    page.mouse.up()
    after = page.evaluate("measured.view")
    page.evaluate("new Promise(done => setTimeout(done, 150))")
    assert page.evaluate("measured.view") == after


def test_another_camera_shows_nothing_of_the_one_before(look: Any) -> None:
    page = look(FEW)
    assert any(page.evaluate("measured.painted('motion')"))
    page.evaluate("measured.choose('yard')")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert not any(page.evaluate("measured.painted('motion')"))
    page.evaluate("measured.choose('gate')")
    page.wait_for_function("() => measured.painted('motion').includes(true)")


def test_what_the_legend_switches_off_is_not_drawn(look: Any) -> None:
    page = look(FEW)
    assert any(page.evaluate("measured.painted('alarm')"))
    page.click("[data-test=legend-alarm]")
    page.wait_for_selector("[data-test=legend-alarm][aria-pressed=false]")
    page.wait_for_function("() => !measured.painted('alarm').includes(true)")
    assert any(page.evaluate("measured.painted('motion')"))


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_no_serious_fault_of_accessibility_is_found(look: Any, theme: str) -> None:
    if not timeline_page.AXE.is_file():
        pytest.skip("axe-core is not installed (cd web && npm ci)")
    page = look(f"{FEW}&selection=1&theme={theme}")
    page.add_script_tag(path=str(timeline_page.AXE))
    found = page.evaluate("axe.run('#app', {resultTypes: ['violations']})")
    serious = [one["id"] for one in found["violations"] if one["impact"] in ("serious", "critical")]
    assert serious == []


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_texts_and_shapes_of_the_canvas_have_contrast(look: Any, theme: str) -> None:
    found = look(f"{FEW}&theme={theme}").evaluate("measured.contrasts()")
    assert len(found) > 15
    assert {name: value for name, value in found.items() if value < (3 if name.endswith("shape") else 4.5)} == {}


def test_another_theme_is_drawn_at_once(look: Any) -> None:
    page = look(FEW)
    corner = "[...document.querySelector('canvas').getContext('2d').getImageData(2, 2, 1, 1).data]"
    before = page.evaluate(corner)
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    page.wait_for_function(f"() => {corner}[0] > 200")
    assert before[0] < 60
