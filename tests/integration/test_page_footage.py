"""Sound, pictures of other sizes and damaged footage on the page: much of hls.js is left out of it."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.routes import page as routes
from tests.footage import Footage, Shape, record
from tests.integration.paged import browser
from tests.integration.watched import FIRST_MS, FRAME_MS, Watched, since, watched

pytestmark = pytest.mark.alone
__all__ = ["browser"]

VIDEO = "document.querySelector('[data-test=video]')"
HEARD = f"{VIDEO}.webkitAudioDecodedByteCount"
RUN_MS = 6_000
SHOW = """at => {
  history.pushState(null, '', '?t=' + at);
  dispatchEvent(new PopStateEvent('popstate'));
}"""
"""Another link to the same camera."""


@pytest.fixture(scope="module")
def shown(browser: Any, request: pytest.FixtureRequest) -> Iterator[Watched]:
    built: Path = request.config.getoption("--page") or routes.DIST
    if not (built / "index.html").is_file():
        pytest.skip("the page is not built (cd web && npm ci && npm run build)")
    with pytest.MonkeyPatch.context() as patch, watched(browser, built, patch) as made:
        made.add("talk", talk())
        made.add("switched", switched())
        yield made


def talk() -> list[Footage]:
    """With sound, and larger after six seconds."""
    first = Shape(media="talk", start_ms=FIRST_MS, seconds=6, sound=True)
    larger = replace(first, start_ms=FIRST_MS + RUN_MS, run="run2", width=640, height=360)
    return [*record(first), *record(larger)]


def switched() -> list[Footage]:
    """Its sound is switched off after six seconds, and on after twelve."""
    first = Shape(media="switched", start_ms=FIRST_MS, seconds=6, sound=True)
    silent = replace(first, start_ms=FIRST_MS + RUN_MS, run="run2", sound=False)
    return [*record(first), *record(silent), *record(replace(first, start_ms=FIRST_MS + 2 * RUN_MS, run="run3"))]


def damaged(media: str, *spoilt: int, by: Callable[[Footage], Footage]) -> list[Footage]:
    """Six segments of 2 s, of which some cannot be decoded."""
    recorded = record(Shape(media=media, start_ms=FIRST_MS, seconds=12))
    return [by(one) if number in spoilt else one for number, one in enumerate(recorded)]


def zeroed(one: Footage) -> Footage:
    """Its pictures are zeros, what says where they lie is not."""
    at = one.data.index(b"mdat", one.fact.init_len) + 4
    return Footage(one.fact, one.data[:at] + bytes(len(one.data) - at))


def scratched(one: Footage) -> Footage:
    """Its key frames begin as they should and go on as noise."""
    data = bytearray(one.data)
    noise = random.Random(3)
    for key in one.fact.keyframes:
        data[key.byte_offset + 60 : key.byte_offset + key.size_bytes] = noise.randbytes(key.size_bytes - 60)
    return Footage(one.fact, bytes(data))


def plays(page: Any, until: int) -> None:
    """Wait until a moment is shown while it plays."""
    page.wait_for_function(f"() => Number({VIDEO}?.dataset.at) >= {until}")


def stepped(page: Any, key: str, at: int) -> None:
    """Step to a frame."""
    page.keyboard.press(key)
    page.wait_for_function(f"() => Number({VIDEO}.dataset.at) === {at}")


def test_sound_is_heard_and_pictures_may_change_their_size(shown: Watched) -> None:
    page = shown.go(f"/archive/talk?t={FIRST_MS + 200}")
    plays(page, FIRST_MS + 3_000)
    heard = page.evaluate(HEARD)
    plays(page, FIRST_MS + RUN_MS + 3_000)
    assert 0 < heard < page.evaluate(HEARD)
    assert page.evaluate(f"{VIDEO}.videoWidth") == 640
    page.wait_for_selector("[data-test=over]")
    assert page.evaluate(f"{VIDEO}.error") is None
    shown.close(page)


def test_live_with_sound_plays_near_the_edge(shown: Watched) -> None:
    shown.add("loud", since(record(Shape(media="loud", seconds=24, sound=True)), 24_000))
    page = shown.go("/archive/loud")
    page.wait_for_selector("[data-test=live-now]")
    page.wait_for_function(f"() => {VIDEO}?.currentTime > 0 && !{VIDEO}.paused")
    begun = page.evaluate(f"{VIDEO}.currentTime")
    page.wait_for_function(f"() => {VIDEO}.currentTime > {begun} + 2")
    assert page.evaluate(HEARD) > 0
    shown.close(page)


@pytest.mark.parametrize("speed", [1, 4])
def test_it_plays_on_where_sound_is_switched_off_and_on(shown: Watched, speed: int) -> None:
    page = shown.go(f"/archive/switched?t={FIRST_MS + 3_000}&speed={speed}")
    plays(page, FIRST_MS + RUN_MS + 3_000)
    assert page.evaluate(f"{VIDEO}.playbackRate") == speed
    assert page.evaluate(HEARD) == 0
    page.wait_for_function(f"() => Number({VIDEO}.dataset.at) >= {FIRST_MS + 2 * RUN_MS + 1_000} && {HEARD} > 0")
    page.wait_for_selector("[data-test=over]")
    shown.close(page)


def test_clicks_and_steps_lead_over_such_a_border(shown: Watched) -> None:
    page = shown.go(f"/archive/switched?t={FIRST_MS + RUN_MS - 1_500}")
    plays(page, FIRST_MS + RUN_MS - 1_000)
    page.keyboard.press("ArrowRight")
    plays(page, FIRST_MS + 2 * RUN_MS + 3_500)
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(f"() => Number({VIDEO}.dataset.at) < {FIRST_MS + 2 * RUN_MS}")
    plays(page, FIRST_MS + 2 * RUN_MS - 2_000)
    page.evaluate(f"{VIDEO}.pause()")
    page.evaluate(SHOW, FIRST_MS + RUN_MS - 2_000)
    page.wait_for_function(f"() => Number({VIDEO}.dataset.at) < {FIRST_MS + RUN_MS} && !{VIDEO}.paused")
    page.evaluate(f"{VIDEO}.pause()")
    page.evaluate("settled()")
    for at in range(page.evaluate(f"Number({VIDEO}.dataset.at)") + FRAME_MS, FIRST_MS + RUN_MS + 1, FRAME_MS):
        stepped(page, ".", at)
    assert page.evaluate("settled()") == 0
    stepped(page, ",", FIRST_MS + RUN_MS - FRAME_MS)
    assert page.evaluate(f"{VIDEO}.paused")
    shown.close(page)


@pytest.mark.parametrize("by", [zeroed, scratched])
@pytest.mark.parametrize("spoilt", [(0,), (1,), (1, 2)])
def test_damaged_footage_is_left_out_wherever_one_opens(
    shown: Watched, by: Callable[[Footage], Footage], spoilt: tuple[int, ...]
) -> None:
    media = f"{by.__name__}-{''.join(map(str, spoilt))}"
    shown.add(media, damaged(media, *spoilt, by=by))
    page = shown.go(f"/archive/{media}?t={FIRST_MS + 200}")
    plays(page, FIRST_MS + (spoilt[-1] + 1) * 2_000 + 500)
    assert page.evaluate(f"{VIDEO}.error") is None
    shown.close(page)


def test_where_all_is_damaged_the_page_says_so(shown: Watched) -> None:
    shown.add("ruin", damaged("ruin", *range(6), by=zeroed))
    page = shown.go(f"/archive/ruin?t={FIRST_MS + 200}")
    page.wait_for_selector("text=No video here: the footage is damaged")
    shown.close(page)


def test_a_codec_that_the_browser_does_not_know_is_told_at_its_border(shown: Watched) -> None:
    first = Shape(media="changed", start_ms=FIRST_MS, seconds=4)
    later = replace(first, start_ms=FIRST_MS + 4_000, run="run2", codec="libx265")
    shown.add("changed", [*record(first), *record(later)])
    page = shown.go(f"/archive/changed?t={FIRST_MS + 200}")
    plays(page, FIRST_MS + 3_500)
    if page.evaluate("""MediaSource.isTypeSupported('video/mp4; codecs="hvc1.1.6.L60.90"')"""):
        plays(page, FIRST_MS + 6_000)
    else:
        page.wait_for_selector("text=No video here: this browser cannot decode")
    shown.close(page)
