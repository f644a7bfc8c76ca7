"""The archive page, judged by footage that tells its own frames: clicks, steps, speeds, holes, exports."""

import gzip
import io
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from api.routes import page as routes
from schemas.facts import RecordingGap
from tests.accepted_facts import accepted
from tests.footage import Shape, record
from tests.integration.paged import browser
from tests.integration.watched import (
    CHANGE_MS,
    END_MS,
    FIRST_MS,
    FRAME_MS,
    SECOND_MS,
    THIRD_MS,
    Watched,
    runs,
    shown_at,
    since,
    watched,
)
from tests.unit.api.client import TOKEN

pytestmark = pytest.mark.alone
__all__ = ["browser"]

VIEW = (FIRST_MS - 6_000, END_MS + 2_000)
CANVAS = "[data-test=timeline-canvas]"
LONG_MS = CHANGE_MS + 86_400_000
A_SECOND = 60
"""Of painted frames."""
MOST_BYTES = 150_000
"""Of what the archive loads until it plays, packed."""
SHARES = cycle((0.35, 0.65))
SHOW = """([at, share, length]) => {
  window.round += 1, window.begun = null;
  const from = Math.round(at - share * length);
  const query = new URLSearchParams({t: Math.round(at - 3000), from, to: from + length});
  history.pushState(null, '', '?' + query);
  dispatchEvent(new PopStateEvent('popstate'));
}"""
"""Another link to the same camera: it shows another stretch of time and plays in it."""
STILL = """async () => {
  const canvas = document.querySelector('[data-test=timeline-canvas]');
  const seen = () => [+canvas.ariaValueMin, +canvas.ariaValueMax];
  for (let last = seen(), same = 0; ;) {
    await new Promise(requestAnimationFrame);
    const now = seen();
    [last, same] = [now, now.join() === last.join() ? same + 1 : 0];
    if (same === 5) return now;
  }
}"""
"""What the timeline shows, once nothing moves."""
AT_PLAY = """() => {
  window.begun = null, window.round = 0;
  const canvas = document.querySelector('[data-test=timeline-canvas]');
  canvas.addEventListener('pointerup', event => {
    const left = canvas.getBoundingClientRect().left, [min, max] = [+canvas.ariaValueMin, +canvas.ariaValueMax];
    window.round += 1, window.begun = null;
    window.hit = min + (event.clientX - left) / canvas.clientWidth * (max - min);
  }, {capture: true});
  const play = HTMLMediaElement.prototype.play, drawn = () => new Promise(requestAnimationFrame);
  HTMLMediaElement.prototype.play = async function () {
    const round = window.round;
    await drawn(); await drawn(); await drawn();
    const number = read();
    await play.call(this);
    if (round === window.round) window.begun ??= number;
  };
}"""
"""Notes the frame that is on the screen when the page lets the video go."""


@pytest.fixture(scope="module")
def shown(browser: Any, request: pytest.FixtureRequest) -> Iterator[Watched]:
    built: Path = request.config.getoption("--page") or routes.DIST
    if not (built / "index.html").is_file():
        pytest.skip("the page is not built (cd web && npm ci && npm run build)")
    with pytest.MonkeyPatch.context() as patch, watched(browser, built, patch) as made:
        made.add("gate", runs(), title="Main gate")
        made.add("long", record(Shape(media="long", start_ms=LONG_MS, seconds=720, fps=2, gop=4)))
        made.add("never", [])
        gap = RecordingGap(
            media="gate", start_ms=FIRST_MS + 28_000, end_ms=SECOND_MS, reason="source_lost", observed_ms=1
        )
        made.world.archive.missing.append(gap)
        for number, (kind, title) in enumerate((("vehicle", "White van"), ("human", "Anna"), ("generic", "Door"))):
            at = FIRST_MS + 4_000 + number * 8_000
            times = {"opened_at": at, "updated_at": at + 3_000, "closed_at": at + 3_000}
            made.world.episodes.accept(
                accepted(media="gate", episode_id=(1 << 63) + number, title=title, episode_type=kind, **times)
            )
        yield made


@pytest.fixture(scope="module")
def gate(shown: Watched) -> Any:
    """The page of the camera with the three runs, paused at the first."""
    page = opened(shown, f"/archive/gate?t={FIRST_MS + 1000}&from={VIEW[0]}&to={VIEW[1]}")
    paused(page)
    page.evaluate(AT_PLAY)
    return page


def opened(shown: Watched, path: str, **more: Any) -> Any:
    page = shown.go(path, **more)
    page.wait_for_selector("[data-test=video][data-at]")
    page.wait_for_function("() => document.querySelector('[data-test=video]').readyState > 2")
    return page


def paused(page: Any) -> None:
    page.evaluate("document.querySelector('[data-test=video]').pause()")
    page.wait_for_function("() => !document.querySelector('[data-test=video]').seeking")


def click(page: Any, at: float) -> float:
    """Click the timeline where a moment lies, in a view of 16 s around it; comes back with the moment that was hit.

    In a hole the view is longer, so that the footage after it is in sight, too.

    Never twice in one place: two quick taps there mean another thing.
    """
    share = next(SHARES)
    page.evaluate(SHOW, [at, share, 60_000 if FIRST_MS + 25_000 < at < SECOND_MS + 3_000 else 16_000])
    begun(page)
    page.evaluate("window.hit = null")
    first, last = page.evaluate(STILL)
    box = page.locator(CANVAS).bounding_box()
    page.mouse.click(box["x"] + box["width"] * (at - first) / (last - first), box["y"] + 120)
    page.wait_for_function("() => window.hit !== null")
    return float(page.evaluate("window.hit"))


def begun(page: Any) -> int:
    """The number of the frame that was shown when it began to play."""
    page.wait_for_function("() => window.begun !== null")
    number = page.evaluate("window.begun")
    paused(page)
    page.evaluate("window.begun = null")
    return int(number)


def at(page: Any) -> int:
    return int(page.get_attribute("[data-test=video]", "data-at"))


MOMENTS = [
    *map(random.Random(7).uniform, [FIRST_MS] * 11, [END_MS] * 11),
    FIRST_MS + 1_999, FIRST_MS + 2_001, FIRST_MS + 27_990, SECOND_MS - 500, SECOND_MS + 1, THIRD_MS - 20, THIRD_MS + 20,
    CHANGE_MS - 30, CHANGE_MS + 30,
]  # fmt: skip


def test_a_click_lands_on_the_very_frame_over_borders_holes_and_a_change_of_clocks(gate: Any) -> None:
    found = []
    for moment in MOMENTS:
        hit = click(gate, moment)
        found.append((hit, begun(gate), shown_at(hit)))
    assert len(found) == 20
    wrong = [(hit, seen, wanted) for hit, seen, wanted in found if abs(seen - wanted) > 1]
    assert not wrong
    assert sum(seen != wanted for _, seen, wanted in found) <= 2  # a moment on the edge of a frame


@pytest.mark.parametrize(
    "start_ms", [FIRST_MS + 2_500, SECOND_MS + 1_300], ids=["over the change of clocks", "with B-frames"]
)
def test_thirty_frames_on_and_back_are_thirty_frames(gate: Any, start_ms: int) -> None:
    click(gate, start_ms)
    begun(gate)
    first = gate.evaluate("settled()")
    there = [first + one for one in range(1, 31)]
    assert [stepped(gate, ".") for _ in there] == there
    assert [stepped(gate, ",") for _ in there] == [first + one for one in range(29, -1, -1)]


def test_frames_go_on_over_a_hole_and_back(gate: Any) -> None:
    click(gate, SECOND_MS - 3_000)  # in the hole: the next footage
    assert begun(gate) == 0
    while at(gate) > SECOND_MS + 1:  # it took a moment to stop
        stepped(gate, ",")
    assert stepped(gate, ",") == 699
    assert abs(at(gate) - (FIRST_MS + 27_960)) <= 1
    assert stepped(gate, ".") == 0
    assert abs(at(gate) - SECOND_MS) <= 1


def stepped(page: Any, key: str) -> int:
    before = at(page)
    page.keyboard.press(key)
    page.wait_for_function(f"() => Number(document.querySelector('[data-test=video]').dataset.at) !== {before}")
    return int(page.evaluate("settled()"))


def test_it_plays_over_a_hole_without_a_stall_and_says_what_it_skipped(gate: Any) -> None:
    click(gate, FIRST_MS + 26_000)
    begun(gate)
    gate.evaluate("watch()")
    gate.keyboard.press("2")
    gate.keyboard.press("Space")
    gate.wait_for_selector("[data-test=skipped]:has-text('17 sec'):has-text('camera not reached')")
    gate.wait_for_function(
        f"() => Number(document.querySelector('[data-test=video]').dataset.at) > {SECOND_MS + 4_000}"
    )
    paused(gate)
    gate.keyboard.press("1")
    seen = gate.evaluate("seen")
    assert all(after["number"] >= before["number"] or after["number"] < 60 for before, after in pairwise(seen))
    assert max(after["painted"] - before["painted"] for before, after in pairwise(seen)) < 1.5 * A_SECOND
    dates = [one["at"] for one in seen if one["at"]]
    assert dates == sorted(dates)
    assert not any(FIRST_MS + 28_000 < one < SECOND_MS - 1 for one in dates)


def test_what_the_clock_says_is_the_frame_that_is_shown(gate: Any) -> None:
    click(gate, FIRST_MS + 12_000)
    begun(gate)
    for key in (*"....,,", "ArrowRight", "ArrowLeft", "ArrowLeft"):
        assert stepped(gate, key) == (at(gate) - FIRST_MS + 1) // FRAME_MS


FASTEST = """() => {
  const of = (one, other) => (one.number - other.number) / 2 / (one.wall - other.wall) * 1000;
  const starts = seen.map(one => [one, seen.find(later => later.wall - one.wall > 9000)]).filter(([, later]) => later);
  return Math.max(0, ...starts.map(([one, later]) => of(later, one)));
}"""
"""How many seconds of footage were seen in one of those nine that went best: a busy machine shows some slower."""


def test_eight_times_is_eight_times_and_windows_follow_each_other_unseen(shown: Watched) -> None:
    page = opened(shown, f"/archive/long?t={LONG_MS + 70_000}")
    page.keyboard.press("8")
    paused(page)
    click_seek = LONG_MS + 540_000  # the first window ends at 610 s
    page.keyboard.press("g")
    page.fill("[data-test=go-to-time]", str(click_seek))
    page.click("[data-test=go-to-go]")
    page.wait_for_function(
        f"() => Number(document.querySelector('[data-test=video]').dataset.at) > {click_seek + 2_000}"
    )
    page.evaluate("watch()")
    page.wait_for_function(f"() => window.seen.length && seen.at(-1).number > 1220 && ({FASTEST})() > 6.5")
    fastest, seen = page.evaluate(FASTEST), page.evaluate("seen")
    shown.close(page)
    assert 6.5 < fastest < 9
    assert max(after["painted"] - before["painted"] for before, after in pairwise(seen)) < 2 * A_SECOND


def test_an_exported_selection_holds_its_first_and_its_last_frame(gate: Any) -> None:
    click(gate, FIRST_MS + 5_000)
    begun(gate)
    first = gate.evaluate("settled()")
    gate.keyboard.press("i")
    before = at(gate)
    gate.keyboard.press("ArrowRight")
    gate.wait_for_function(
        f"() => Number(document.querySelector('[data-test=video]').dataset.at) === {before + 10_000}"
    )
    last = first + 250
    gate.keyboard.press("o")
    gate.click("[data-test=ask-export]")
    with gate.expect_download() as download:
        gate.click("[data-test=export-start]")
    numbers = counted(Path(download.value.path()).read_bytes())
    gate.wait_for_selector("[data-test=export-dialog]", state="detached")
    gate.click("[data-test=clear-selection]")
    named = datetime.strptime(download.value.suggested_filename[:24], "gate %Y-%m-%dT%H-%M-%S").replace(tzinfo=UTC)
    assert before - 3_000 < named.timestamp() * 1000 <= before
    assert numbers[0] == first - first % 50  # pictures are copied, so it begins with the key frame before
    assert numbers[-1] == last
    assert numbers == list(range(numbers[0], last + 1))


def counted(data: bytes) -> list[int]:
    """The numbers of all frames of a file."""
    with av.open(io.BytesIO(data)) as source:
        rows = [frame.to_ndarray(format="gray")[40] for frame in source.decode(video=0)]
    return [int(sum((row[bit * 20 + 10] > 128) << bit for bit in range(16))) for row in map(np.asarray, rows)]


def goes_on(page: Any, since: int) -> None:
    """Wait until pictures follow each other after a moment."""
    seen = "Number(document.querySelector('[data-test=video]').dataset.at)"
    page.wait_for_function(f"() => {seen} > {since} && !document.querySelector('[data-test=video]').paused")
    page.wait_for_function(f"(before) => {seen} > before", arg=at(page))


def test_the_first_load_is_small_while_it_plays_too(shown: Watched) -> None:
    page = opened(shown, f"/archive/long?t={LONG_MS + 2_000}")
    goes_on(page, at(page))
    page.wait_for_load_state("networkidle")
    names = page.evaluate("performance.getEntriesByType('resource').map(one => new URL(one.name).pathname.slice(1))")
    loaded = {one for one in names if one.endswith((".js", ".css")) and one != "sw.js"} | {"index.html"}
    shown.close(page)
    assert any("library" in one for one in loaded)  # hls.js
    assert 100_000 < sum(len(gzip.compress((routes.DIST / one).read_bytes(), 9)) for one in loaded) < MOST_BYTES


def test_after_an_outage_of_the_store_the_archive_plays_on(shown: Watched) -> None:
    page = opened(shown, f"/archive/long?t={LONG_MS + 2_000}")
    page.route("**/*.mp4*", lambda one: one.abort())
    page.wait_for_selector("[data-test=cut-off]")
    page.unroute("**/*.mp4*")
    page.wait_for_selector("[data-test=cut-off]", state="detached")
    goes_on(page, at(page))
    shown.close(page)


def test_live_says_that_the_server_is_away_and_plays_on_when_it_is_back(shown: Watched) -> None:
    recorded = since(record(Shape(media="now", seconds=60, fps=5, gop=10)), 24_000)
    shown.add("now", recorded[:12])
    page = opened(shown, "/archive/now")
    page.wait_for_selector("[data-test=live-now]")
    page.route("**/api/v1/media/now/*", lambda one: one.abort())
    page.wait_for_selector("[data-test=cut-off]")
    page.wait_for_selector("[data-test=live-now]", state="detached")
    shown.world.keep(recorded[12:])
    last = at(page)
    page.unroute("**/api/v1/media/now/*")
    page.wait_for_selector("[data-test=cut-off]", state="detached")
    goes_on(page, last)
    page.wait_for_selector("[data-test=live-now]")
    shown.close(page)


def at_the_door(shown: Watched, **more: Any) -> Any:
    """A page that waits for somebody to sign in and loads nothing meanwhile, so that nothing of it is cut off."""
    page = shown.go("/login#", **{"service_workers": "block"} | more)
    page.wait_for_selector("[data-test=login]")
    return page


def test_a_player_that_did_not_come_is_asked_for_again(shown: Watched) -> None:
    page = at_the_door(shown)
    page.route("**/assets/*hls*.js", lambda one: one.abort())
    page.goto(f"{shown.address}/archive/long?t={LONG_MS}#token={TOKEN}")
    page.wait_for_selector("[data-test=no-video]:has-text('the server does not answer')")
    page.unroute("**/assets/*hls*.js")
    page.click("[data-test=play-again]")
    goes_on(page, LONG_MS)
    shown.close(page)


def test_a_dialog_that_did_not_come_is_told_and_asked_for_again(shown: Watched) -> None:
    page = at_the_door(shown)
    page.goto(f"{shown.address}/archive/long?t={LONG_MS}#token={TOKEN}")
    page.wait_for_selector("[data-test=video][data-at]")
    page.route("**/assets/ExportDialog*.js", lambda one: one.abort())
    page.keyboard.press("e")
    page.wait_for_selector("dialog[open] [data-test=failed]")
    page.unroute("**/assets/ExportDialog*.js")
    page.click("dialog[open] [data-test=failed] button")
    page.wait_for_selector("[data-test=export-dialog] [data-test=export-start]")
    shown.close(page)
